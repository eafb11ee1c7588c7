package dev.patchbay.core.config;

import java.util.List;
import java.util.stream.Collectors;

/// One thing that is wrong with a config file.
///
/// @param path the key, joined by dots; empty for the file as a whole
/// @param line counted from 1; 0 if the content is not from a file
/// @param column counted from 1
public record ConfigProblem(String path, int line, int column, String message) {

    /// As many as somebody reads before correcting the first.
    private static final int LISTED = 20;

    /// Writes problems below each other, for a log: the first ones, and how many more there are.
    static String lines(List<ConfigProblem> problems) {
        String first =
                problems.stream().limit(LISTED).map(problem -> "\n  " + problem).collect(Collectors.joining());
        return problems.size() <= LISTED ? first : first + "\n  and " + (problems.size() - LISTED) + " more";
    }

    @Override
    public String toString() {
        String where = line == 0 ? "" : "line " + line + ", column " + column + ": ";
        return where + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
