package dev.patchbay.llm.guard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Finds the names of a list in texts, in any script: as they are written or in capitals, as whole words where a script
/// has blanks between words. The longest name counts. Immutable.
public final class Names {

    /// No names.
    public static final Names NONE = new Names(List.of());

    private static final int LONGEST = 100;

    /// The names as a tree of their characters.
    private final Node root = new Node();

    private static final class Node {
        private final Map<Integer, Node> next = new HashMap<>(2);
        private boolean name;
    }

    /// Takes a list, a name each; blank ones and those that begin with `#` are left out.
    ///
    /// @throws IllegalArgumentException if one is longer than 100 characters or has less than two
    public Names(List<String> lines) {
        for (String line : lines) {
            String name = line.strip();
            if (name.isEmpty() || name.startsWith("#")) {
                continue;
            }
            if (name.length() > LONGEST || name.length() < 2) {
                throw new IllegalArgumentException(
                        "'%s' is no name: it has 2 to %d characters".formatted(name, LONGEST));
            }
            add(name);
            add(name.toUpperCase(java.util.Locale.ROOT));
        }
    }

    private void add(String name) {
        Node node = root;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            node = node.next.computeIfAbsent(plain(name.codePointAt(i)), c -> new Node());
        }
        node.name = true;
    }

    /// Tells where names begin and end, from left to right, without overlaps.
    void find(String text, BiConsumer<Integer, Integer> found) {
        if (root.next.isEmpty()) {
            return;
        }
        int at = 0;
        while (at < text.length()) {
            int end = isBorder(text, at) ? end(text, at) : -1;
            if (end > 0) {
                found.accept(at, end);
            }
            at = end > 0 ? end : at + Character.charCount(text.codePointAt(at));
        }
    }

    /// @return the end of the longest name that begins here; -1 if there is none
    private int end(String text, int from) {
        int end = -1;
        Node node = root;
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            node = node.next.get(plain(c));
            if (node == null) {
                return end;
            }
            at += Character.charCount(c);
            if (node.name && isBorder(text, at)) {
                end = at;
            }
        }
        return end;
    }

    /// All blanks, dashes and apostrophes are one each.
    private static int plain(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return ' ';
        }
        return Character.getType(c) == Character.DASH_PUNCTUATION ? '-' : c == '’' || c == 'ʼ' ? '\'' : c;
    }

    /// Tells whether a word may begin or end here.
    private static boolean isBorder(String text, int at) {
        if (at == 0 || at == text.length()) {
            return true;
        }
        int before = text.codePointBefore(at);
        int after = text.codePointAt(at);
        return !(isOfWord(before) && isOfWord(after)) || hasNoBlanks(before) || hasNoBlanks(after);
    }

    private static boolean isOfWord(int c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean hasNoBlanks(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
