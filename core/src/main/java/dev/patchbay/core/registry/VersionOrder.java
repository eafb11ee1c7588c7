package dev.patchbay.core.registry;

import java.util.Comparator;

/// Orders versions from old to new, by [Semantic Versioning 2.0.0, section 11](https://semver.org/#spec-item-11): 1.2.0
/// before 1.10.0-rc.1 before 1.10.0. What differs in build metadata alone stays in the order of its text, so that no
/// two texts are equal. Takes any text, and looks at nothing else.
public final class VersionOrder implements Comparator<String> {

    /// The order.
    public static final VersionOrder OLD_TO_NEW = new VersionOrder();

    private VersionOrder() {}

    @Override
    public int compare(String a, String b) {
        String left = withoutBuild(a);
        String right = withoutBuild(b);
        int order = identifiers(core(left), core(right));
        if (order == 0) {
            boolean released = core(left).length() == left.length();
            order = Boolean.compare(released, core(right).length() == right.length());
            if (order == 0 && !released) {
                order = identifiers(
                        left.substring(core(left).length() + 1),
                        right.substring(core(right).length() + 1));
            }
        }
        return order == 0 ? a.compareTo(b) : order;
    }

    private static String withoutBuild(String version) {
        int plus = version.indexOf('+');
        return plus < 0 ? version : version.substring(0, plus);
    }

    private static String core(String version) {
        int dash = version.indexOf('-');
        return dash < 0 ? version : version.substring(0, dash);
    }

    private static int identifiers(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int end = end(a, i);
            int other = end(b, j);
            int order = identifier(a.substring(i, end), b.substring(j, other));
            if (order != 0) {
                return order;
            }
            i = end + 1;
            j = other + 1;
        }
        return Boolean.compare(i < a.length(), j < b.length());
    }

    private static int end(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static int identifier(String a, String b) {
        boolean number = isNumber(a);
        if (number != isNumber(b)) {
            return number ? -1 : 1;
        }
        // without leading zeros, which versions do not have, the longer number is the larger
        return number && a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
