package dev.patchbay.api.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A secret by reference: `env:NAME` or `file:/path`. The value is read for each call, so that a file that is
/// replaced takes effect at once, and it is never printed.
public final class SecretReference {

    private final String reference;
    private final Function<String, @Nullable String> environment;

    private SecretReference(String reference, Function<String, @Nullable String> environment) {
        this.reference = reference;
        this.environment = environment;
    }

    /// Refers to a secret.
    ///
    /// @throws IllegalArgumentException if it is no reference, or there is nothing where it points
    public static SecretReference at(String reference) {
        return at(reference, System::getenv);
    }

    /// Refers to a secret in an environment of the caller's choice.
    public static SecretReference at(String reference, Function<String, @Nullable String> environment) {
        if (!reference.startsWith("env:") && !reference.startsWith("file:")) {
            throw new IllegalArgumentException(
                    "is a key itself, or nothing we know; refer to it with env:NAME or file:/path");
        }
        SecretReference secret = new SecretReference(reference, environment);
        secret.reveal();
        return secret;
    }

    /// Reads the secret.
    ///
    /// @throws IllegalArgumentException if nothing is where it points
    public String reveal() {
        String value;
        if (reference.startsWith("env:")) {
            value = environment.apply(reference.substring(4));
        } else {
            try {
                value = Files.readString(Path.of(reference.substring(5)));
            } catch (IOException e) {
                throw new IllegalArgumentException("points to " + reference + ", which cannot be read", e);
            }
        }
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("points to " + reference + ", where nothing is");
        }
        return value.strip();
    }

    @Override
    public String toString() {
        return reference;
    }
}
