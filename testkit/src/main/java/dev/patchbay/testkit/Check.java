package dev.patchbay.testkit;

/// One thing that is to be found out about a module.
///
/// @param name a phrase that says what holds if the check passes
public record Check(Kind kind, String name, Body body) {

    /// What a check is about.
    public enum Kind {
        CONTRACT("contract", "The module keeps its schemas"),
        COMPATIBILITY("compatibility", "Callers of the previous version go on working"),
        GOLDEN("golden", "Known requests get the answers they should"),
        RULES("rules", "No answer breaks a rule of the business"),
        LEAK("leak", "A retired module leaves nothing behind"),
        LOAD("load", "It is as fast as it was");

        private final String label;
        private final String promise;

        Kind(String label, String promise) {
            this.label = label;
            this.promise = promise;
        }

        /// Gives the name in commands and reports.
        public String label() {
            return label;
        }

        /// Gives a sentence that holds if all checks of the kind pass.
        public String promise() {
            return promise;
        }
    }

    /// Finds out.
    @FunctionalInterface
    public interface Body {

        /// Runs the check.
        ///
        /// @throws Exception is a failure of the check, told by its type and message
        Finding run() throws Exception;
    }

    /// Runs the check and takes the time.
    public CheckResult run() throws InterruptedException {
        long from = System.nanoTime();
        Finding finding;
        try {
            finding = body.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            finding = Finding.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        return new CheckResult(kind, name, finding, System.nanoTime() - from);
    }
}
