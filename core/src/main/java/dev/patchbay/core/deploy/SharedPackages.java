package dev.patchbay.core.deploy;

import java.util.List;

/// What modules get from the host and never bring themselves. Everything else of the host is hidden from them.
final class SharedPackages {

    static final List<String> PREFIXES = List.of(
            "dev.patchbay.api.",
            "org.slf4j.",
            "org.jspecify.annotations.",
            "jakarta.validation.",
            "com.fasterxml.jackson.annotation.");

    private SharedPackages() {}

    static boolean contains(String className) {
        for (String prefix : PREFIXES) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
