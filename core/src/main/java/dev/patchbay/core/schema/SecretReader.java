package dev.patchbay.core.schema;

import dev.patchbay.api.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Resolves references to secrets. Messages name the reference, never the secret.
final class SecretReader extends StdDeserializer<Secret> {

    private static final long serialVersionUID = 1L;

    SecretReader() {
        super(Secret.class);
    }

    @Override
    public Secret deserialize(JsonParser parser, DeserializationContext context) {
        String reference = parser.getString();
        if (reference.startsWith("env:")) {
            String value = System.getenv(reference.substring(4));
            if (value == null) {
                throw new IllegalArgumentException(
                        "the environment has no " + reference.substring(4) + ", which the secret refers to");
            }
            return new Secret(value);
        }
        if (reference.startsWith("file:")) {
            try {
                return new Secret(
                        Files.readString(Path.of(reference.substring(5))).stripTrailing());
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "the file " + reference.substring(5) + ", which the secret refers to, cannot be read", e);
            }
        }
        throw new IllegalArgumentException("a secret is a reference: env:NAME or file:/path, never the secret itself");
    }
}
