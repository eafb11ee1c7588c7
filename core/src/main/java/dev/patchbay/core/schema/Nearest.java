package dev.patchbay.core.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Finds the names somebody probably meant.
public final class Nearest {

    private Nearest() {}

    /// Gives at most two of the names that are near the one that was written, the nearest first.
    public static List<String> to(String written, Collection<String> names) {
        int reach = Math.max(2, written.length() / 3);
        record Candidate(String name, int distance) {}
        return names.stream()
                .map(name -> new Candidate(name, distance(written, name)))
                .filter(candidate -> candidate.distance() <= reach)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(2)
                .map(Candidate::name)
                .toList();
    }

    /// Writes a question after a message, or nothing if no name is near.
    public static String question(String written, Collection<String> names) {
        List<String> near = to(written, names);
        return near.isEmpty() ? "" : ". Did you mean '" + String.join("' or '", near) + "'?";
    }

    /// Levenshtein's distance, with a swap of neighbours as one step.
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 64) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
