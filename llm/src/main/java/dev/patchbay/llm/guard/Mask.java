package dev.patchbay.llm.guard;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The personal data of one call, each under a placeholder such as `[EMAIL_1]`. The same value has the same
/// placeholder throughout the call. Used by one thread.
public final class Mask {

    private final Map<String, String> placeholders = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<Pii.Kind, Integer> numbers = new EnumMap<>(Pii.Kind.class);
    private final Pii pii;
    private int longest;

    /// Makes a mask that hides nothing yet.
    public Mask(Pii pii) {
        this.pii = pii;
    }

    /// Puts placeholders in the place of personal data.
    public String mask(String text) {
        StringBuilder masked = new StringBuilder();
        int from = 0;
        for (Pii.Found found : pii.in(text)) {
            masked.append(text, from, found.from())
                    .append(placeholder(found.kind(), text.substring(found.from(), found.to())));
            from = found.to();
        }
        return from == 0 ? text : masked.append(text, from, text.length()).toString();
    }

    private String placeholder(Pii.Kind kind, String value) {
        return placeholders.computeIfAbsent(value, v -> {
            String placeholder;
            do {
                placeholder = "[" + kind + "_" + numbers.merge(kind, 1, Integer::sum) + "]";
            } while (values.containsKey(placeholder));
            values.put(placeholder, v);
            longest = Math.max(longest, placeholder.length());
            return placeholder;
        });
    }

    /// Puts the values back in the place of their placeholders. Placeholders that are not of this call stay.
    public String unmask(String text) {
        if (values.isEmpty() || text.indexOf('[') < 0) {
            return text;
        }
        StringBuilder whole = new StringBuilder();
        int from = 0;
        for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', open + 1)) {
            int close = text.indexOf(']', open);
            String value = close < 0 ? null : values.get(text.substring(open, close + 1));
            if (value != null) {
                whole.append(text, from, open).append(value);
                from = close + 1;
            }
        }
        return whole.append(text, from, text.length()).toString();
    }

    /// Tells how much at the end of a text may be the beginning of a placeholder, so that it must wait for more.
    int unfinished(String text) {
        int open = text.lastIndexOf('[');
        if (open < 0 || text.length() - open >= longest || text.indexOf(']', open) >= 0) {
            return 0;
        }
        String begun = text.substring(open);
        return values.keySet().stream().anyMatch(placeholder -> placeholder.startsWith(begun))
                ? text.length() - open
                : 0;
    }

    /// Tells whether anything was masked.
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// Counts what was masked.
    public int size() {
        return values.size();
    }
}
