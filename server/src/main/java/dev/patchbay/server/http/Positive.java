package dev.patchbay.server.http;

import java.time.Duration;

final class Positive {

    private Positive() {}

    static void require(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }

    static void require(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }
}
