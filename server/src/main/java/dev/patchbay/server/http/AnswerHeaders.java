package dev.patchbay.server.http;

import java.util.Arrays;
import java.util.function.BiConsumer;

/// The headers of one answer, in the order in which they are sent. Not safe for use by two threads at once.
public final class AnswerHeaders {

    private String[] pairs;
    private int size;

    private AnswerHeaders(String[] pairs, int size) {
        this.pairs = pairs;
        this.size = size;
    }

    public static AnswerHeaders none() {
        return new AnswerHeaders(new String[10], 0);
    }

    public static AnswerHeaders contentType(String type) {
        return none().add("content-type", type);
    }

    /// Adds a header behind those that are there.
    ///
    /// @return this
    /// @throws IllegalArgumentException when the value could end the header early
    public AnswerHeaders add(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' && value.charAt(i) != '\t') {
                throw new IllegalArgumentException("the value of the header " + name + " has a control character");
            }
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, size * 2);
        }
        pairs[size++] = name;
        pairs[size++] = value;
        return this;
    }

    void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < size; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    AnswerHeaders copy() {
        return new AnswerHeaders(Arrays.copyOf(pairs, pairs.length), size);
    }
}
