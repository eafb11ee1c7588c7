package dev.patchbay.core.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A config that is refused as a whole, with everything that is wrong with it.
public final class ConfigInvalid extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigInvalid(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = problems.stream()
                .sorted(Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column))
                .toList();
    }

    /// Lists the problems in the order of the file.
    public List<ConfigProblem> problems() {
        return problems;
    }
}
