package dev.patchbay.testkit.contract;

/// One way in which a schema differs from that of the previous version.
///
/// @param breaking whether a caller that works with the previous version may fail with this one
/// @param text what was and what is
public record SchemaDifference(Side side, String path, boolean breaking, String text) {

    /// Who sees the schema.
    public enum Side {
        REQUEST("request"),
        RESPONSE("answer"),
        SETTINGS("settings");

        private final String label;

        Side(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    @Override
    public String toString() {
        return side + (path.isEmpty() ? "" : " " + path) + ": " + text;
    }
}
