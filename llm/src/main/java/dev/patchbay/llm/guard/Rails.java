package dev.patchbay.llm.guard;

import dev.patchbay.api.runtime.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The rails of a prompt, as its `module.yaml` says.
///
/// @param stream how they hold while an answer is given
/// @param pii finds personal data, the names of the rails' lists among it
public record Rails(List<Rail> input, List<Rail> output, OnStream stream, Pii pii) {

    /// No rails.
    public static final Rails NONE = new Rails(List.of(), List.of(), OnStream.WINDOW, Pii.FORMS);

    /// What a rail looks for.
    public enum Kind {
        /// Personal data.
        PII,
        /// Attempts to give the model other orders.
        INJECTION,
        /// Expressions that must not be said.
        DENY,
        /// Abuse: threats, insults, hate.
        TOXICITY,
        /// The system prompt.
        LEAK
    }

    /// What happens to what a rail finds.
    public enum OnFail {
        /// The call fails with `blocked`.
        BLOCK,
        /// Personal data is masked, and put back into the answer.
        FIX,
        /// The answer is another text.
        REPLACE,
        /// It is counted and let through.
        FLAG
    }

    /// How output rails hold while an answer is streamed.
    public enum OnStream {
        /// Nothing is shown before all of it was checked.
        ENFORCE,
        /// What is shown is as far behind as a rail has to look ahead.
        WINDOW,
        /// All is shown at once and checked when it is there; rails can only flag.
        AFTER
    }

    /// One rail.
    ///
    /// @param threshold of [Injection] and of abuse, from 0 to 1
    /// @param patterns of [Kind#DENY]
    /// @param text of [OnFail#REPLACE]
    public record Rail(
            Kind kind,
            OnFail onFail,
            double threshold,
            List<Pattern> patterns,
            @Nullable String text) {}

    /// Reads the section `rails`.
    ///
    /// @param files gives the lines of a file in the prompt's folder
    /// @throws IllegalArgumentException if a rail is not known, or cannot run where it stands
    public static Rails read(Keys keys, Function<String, Optional<String>> files) {
        OnStream stream = keys.choice("stream", OnStream.class, OnStream.WINDOW);
        List<Rail> input = new ArrayList<>();
        List<Rail> output = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Keys each : each(keys, "input")) {
            input.add(rail(each, true, stream, names, files));
        }
        for (Keys each : each(keys, "output")) {
            output.add(rail(each, false, stream, names, files));
        }
        keys.finish();
        Pii pii = names.isEmpty() ? Pii.FORMS : new Pii(new Names(names));
        return new Rails(List.copyOf(input), List.copyOf(output), stream, pii);
    }

    /// Reads names alone and rails with settings alike.
    private static List<Keys> each(Keys keys, String key) {
        List<Keys> rails = new ArrayList<>();
        for (Object entry : keys.items(key)) {
            String path = keys.path(key + "[" + rails.size() + "]");
            if (entry instanceof Map<?, ?> settings) {
                rails.add(new Keys(path + ".", settings));
            } else {
                rails.add(new Keys(path + ".", Map.of("rail", String.valueOf(entry))));
            }
        }
        return rails;
    }

    private static Rail rail(
            Keys keys, boolean input, OnStream stream, List<String> names, Function<String, Optional<String>> files) {
        keys.required("rail", "one of pii, injection, deny, toxicity, leak");
        Kind kind = keys.choice("rail", Kind.class, Kind.PII);
        OnFail onFail = keys.choice("on_fail", OnFail.class, kind == Kind.PII ? OnFail.FIX : OnFail.BLOCK);
        Double threshold = keys.amount("threshold");
        String text = keys.text("text");
        List<Pattern> patterns = new ArrayList<>();
        for (String pattern : keys.texts("patterns")) {
            try {
                patterns.add(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
            } catch (PatternSyntaxException e) {
                throw keys.wrong("patterns", "'" + pattern + "' is no regular expression: " + e.getDescription());
            }
        }
        String list = keys.text("names");
        if (list != null) {
            String lines = files.apply(list).orElse(null);
            if (kind != Kind.PII || lines == null) {
                throw keys.wrong(
                        "names",
                        kind != Kind.PII
                                ? "is for pii"
                                : "names '" + list + "', but the folder has no such file; it has a name in each line");
            }
            lines.lines().forEach(names::add);
        }
        keys.finish();
        if (kind == Kind.LEAK && input) {
            throw keys.wrong("rail", "leak looks at answers; it stands under output");
        }
        if (kind == Kind.INJECTION && !input) {
            throw keys.wrong("rail", "injection looks at what goes to the model; it stands under input");
        }
        if (kind == Kind.DENY && patterns.isEmpty()) {
            throw keys.wrong("patterns", "is missing; deny needs the expressions that must not be said");
        }
        if (onFail == OnFail.FIX && kind != Kind.PII) {
            throw keys.wrong("on_fail", "fix is for pii; there is no right text in place of the other findings");
        }
        if (onFail == OnFail.REPLACE && (input || text == null)) {
            throw keys.wrong("on_fail", "replace is for answers, and needs the text that stands in their place");
        }
        if (!input && stream == OnStream.AFTER && onFail != OnFail.FLAG) {
            throw keys.wrong(
                    "on_fail", "with stream: after an answer is shown before it is checked, so rails can only flag");
        }
        if (onFail == OnFail.REPLACE && stream == OnStream.WINDOW) {
            throw keys.wrong(
                    "on_fail", "an answer cannot be replaced after its beginning was shown; write stream: enforce");
        }
        return new Rail(kind, onFail, threshold == null ? Injection.THRESHOLD : threshold, List.copyOf(patterns), text);
    }
}
