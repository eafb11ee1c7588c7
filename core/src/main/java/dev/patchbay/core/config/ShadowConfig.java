package dev.patchbay.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry under `shadow`: a version that is asked what callers ask another, for comparison only.
///
/// @param version a version or an alias
/// @param sample the share of calls, in thousandths of a percent
/// @param unit the attribute that decides whether a call is in the sample; null lets every call decide by itself
public record ShadowConfig(
        String version, long sample, @Nullable String unit, Comparison compare) {

    private static final long WHOLE = 100_000;

    /// When two answers are the same.
    ///
    /// @param tolerance how far two numbers may be apart, as a ratio of the larger
    /// @param ignore JSON Pointers of what is not compared; `*` stands for every entry of a list
    /// @param only JSON Pointers of all that is compared, such as the label; empty compares everything
    /// @param top the list of which only the first entries are compared, in any order; null if there is none
    /// @param first how many entries of it
    /// @param showsText whether reports show texts; otherwise only their lengths
    public record Comparison(
            double tolerance,
            List<String> ignore,
            List<String> only,
            @Nullable String top,
            int first,
            boolean showsText) {

        /// Every value counts.
        public static final Comparison EXACT = new Comparison(0, List.of(), List.of(), null, 0, false);
    }

    static ShadowConfig read(Section entry) {
        String version = entry.version("version");
        if (version == null && !entry.mentions("version")) {
            entry.problem("", "a shadow needs a version");
        }
        Long sample = entry.percent("sample");
        ShadowConfig shadow = new ShadowConfig(
                version == null ? "" : version,
                sample == null ? WHOLE : sample,
                entry.text("unit"),
                comparison(entry.section("compare")));
        entry.finish();
        return shadow;
    }

    private static Comparison comparison(Section section) {
        Long tolerance = section.percent("tolerance");
        Section top = section.section("top");
        String list = top.text("list");
        int first = top.integer("first", 1, 1_000, 1);
        top.finish();
        String texts = section.text("texts");
        if (texts != null && !texts.equals("shown") && !texts.equals("hidden")) {
            section.problem("texts", "is shown or hidden, but is '" + texts + "'");
        }
        Comparison comparison = new Comparison(
                tolerance == null ? 0 : tolerance / (double) WHOLE,
                pointers(section, "ignore"),
                pointers(section, "only"),
                list,
                first,
                "shown".equals(texts));
        section.finish();
        return comparison;
    }

    private static List<String> pointers(Section section, String key) {
        List<String> pointers = section.texts(key);
        for (String pointer : pointers) {
            if (!pointer.startsWith("/")) {
                section.problem(key, "must be JSON Pointers such as /took, but holds '" + pointer + "'");
            }
        }
        return pointers;
    }
}
