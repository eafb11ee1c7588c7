package dev.patchbay.core.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The flag that decides versions of a task instead of experiments: the key `flag` of a task.
///
/// @param unit an attribute, `request`, or null for the tenant
public record FlagConfig(String key, @Nullable String unit) {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

    /// Statistics of a guard hold where chance decides who gets which version, and nobody knows how a flag decides.
    private static final String NO_CONTROL =
            "needs a control that chance has chosen, and a flag's own system decides as it likes, so that the default"
                    + " version's calls are none. Guard the version with that system, or give the task an experiment"
                    + " instead of the flag; 'patchbay usage' compares versions meanwhile";

    static @Nullable FlagConfig read(Section task) {
        boolean given = task.has("flag");
        Section section = task.section("flag");
        String key = section.text("key");
        if (given && key == null && !section.mentions("key")) {
            section.problem("", "a flag needs a key, under which its provider knows it");
        } else if (key != null && !KEY.matcher(key).matches()) {
            section.problem("key", "has letters, digits, '.', '_', '/' and '-', at most 128, but is '" + key + "'");
        }
        String unit = section.text("unit");
        section.never("guard", NO_CONTROL);
        for (String ofExperiments : List.of("rollout", "steps", "bake", "version")) {
            section.never(
                    ofExperiments,
                    "is decided by the flag's own system; an experiment instead of the flag has it here");
        }
        section.finish();
        if (given && task.mentions("experiments")) {
            task.problem("flag", "decides instead of experiments; a task has one or the other");
        }
        return given && key != null ? new FlagConfig(key, unit) : null;
    }

    /// Where flags come from: the section `flags`.
    ///
    /// @param provider which system; null for the one that the process has set up itself
    /// @param timeout how long a call waits for a flag
    public record Source(@Nullable String provider, Duration timeout) {

        /// What holds where the config says nothing.
        public static final Source DEFAULT = new Source(null, Duration.ofMillis(50));

        static Source read(Section section) {
            Source source = new Source(section.text("provider"), section.duration("timeout", DEFAULT.timeout()));
            section.finish();
            return source;
        }
    }
}
