package dev.patchbay.core.cache;

import dev.patchbay.core.schema.NumberArray;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What makes two calls equal.
///
/// @param instance the number of the module instance, which stands for the bytes and the settings of a version
/// @param digest SHA-256 of the request. The order of fields does not matter; everything a module can tell apart does,
///     so that `1` and `1.0` are two requests
/// @param streams whether the answer is wanted as it comes
record CacheKey(int instance, @Nullable String tenant, boolean streams, ByteBuffer digest) {

    static CacheKey of(int instance, @Nullable String tenant, boolean streams, JsonNode request) {
        var bytes = new ByteArrayOutputStream(512);
        try {
            write(request, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new CacheKey(instance, tenant, streams, ByteBuffer.wrap(sha256.digest(bytes.toByteArray())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Writes every value with its kind and its length before it, so that no two requests are written the same.
    private static void write(JsonNode node, DataOutputStream out) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeByte('{');
                out.writeInt(node.size());
                for (String name : new TreeSet<>(node.propertyNames())) {
                    text(name, out);
                    write(node.path(name), out);
                }
            }
            case ARRAY -> {
                out.writeByte('[');
                out.writeInt(node.size());
                if (node instanceof NumberArray numbers) {
                    numbers(numbers, out);
                } else {
                    for (JsonNode entry : node) {
                        write(entry, out);
                    }
                }
            }
            case STRING -> {
                out.writeByte('"');
                text(node.stringValue(), out);
            }
            case NUMBER -> {
                // a float and a double of the same text are read as two values
                out.writeByte(node.isFloat() ? 'f' : node.isIntegralNumber() ? 'i' : 'd');
                text(node.asString(), out);
            }
            case BINARY -> {
                out.writeByte('b');
                byte[] value = node.binaryValue();
                out.writeInt(value.length);
                out.write(value);
            }
            case BOOLEAN -> out.writeByte(node.booleanValue() ? 't' : 'n');
            case NULL, MISSING -> out.writeByte('0');
            case POJO -> throw new IllegalArgumentException("a request holds no Java objects");
        }
    }

    private static void numbers(NumberArray numbers, DataOutputStream out) throws IOException {
        for (int i = 0; i < numbers.size(); i++) {
            out.writeByte(numbers.isWhole(i) ? 'I' : 'D');
            out.writeLong(Double.doubleToRawLongBits(numbers.number(i)));
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
