package dev.patchbay.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.InferenceException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Bodies with arrays of numbers are read as if the parser had read all of them.
class NumberArrayTest {

    private static final JsonMapper PARSER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final JsonReader reader = new JsonReader(64);

    private void readsLikeTheParser(String text) {
        JsonNode parsed = parsed(text);
        if (parsed == null) {
            assertThatThrownBy(() -> reader.read(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(InferenceException.class);
            return;
        }
        JsonNode read = reader.read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(read).as(text).isEqualTo(parsed);
        assertThat(parsed).as(text).isEqualTo(read);
        assertThat(read.toString()).isEqualTo(parsed.toString());
        assertThat(read.deepCopy()).isEqualTo(parsed);
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return PARSER.readTree(text.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,2,3,4,5,6,7,8]",
                " [ 1 , 2.5 ,\n3e2,\t-4E-3 , 0.1,0,-0,-0.0 ] ",
                "{\"a\":[1,2,3,4,5,6,7,8],\"b\":[[1,2,3,4,5,6,7,8.5],[1],[],[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]]}",
                "{\"[1,2,3,4,5,6,7,8]\":\"[1,2,3,4,5,6,7,8]\",\"b\":[9,8,7,6,5,4,3,2,1]}",
                "{\"a\":\"\\\"[\\\\\",\"b\":[1,2,3,4,5,6,7,8,\"x\"],\"c\":[1,2,3,4,5,6,7,8]}",
                "[9007199254740991,9007199254740992,9007199254740993,-9007199254740993,2147483647,2147483648,1,2]",
                "[123456789012345678901234567890,1,2,3,4,5,6,7,8]",
                "[0.1234567890123456789,1.7976931348623157e308,4.9e-324,2.2250738585072011e-308,1e22,1e23,8.5e-23,1]",
                "[1e400,1,2,3,4,5,6,7,8]",
                "[1e99999,1,2,3,4,5,6,7,8]",
                "[01,1,2,3,4,5,6,7,8]",
                "[1.,1,2,3,4,5,6,7,8]",
                "[.5,1,2,3,4,5,6,7,8]",
                "[+1,1,2,3,4,5,6,7,8]",
                "[-,1,2,3,4,5,6,7,8]",
                "[1e,1,2,3,4,5,6,7,8]",
                "[1 2,1,2,3,4,5,6,7,8]",
                "[1,2,3,4,5,6,7,8,]",
                "[1,2,3,4,5,6,7,8",
                "[1,2,3,4,5,6,7,8]]",
                "[1,2,3,4,5,6,7,8] 1",
                "{\"a\":[1,2,3,4,5,6,7,8],\"a\":[1,2,3,4,5,6,7,8]}",
                "{\"a\" [1,2,3,4,5,6,7,8]}",
                "[1,2,3,4,5,6,7,NaN]",
                "[1,2,3,4,5,6,7,null]"
            })
    void every_form_is_read_as_the_parser_reads_it(String text) {
        readsLikeTheParser(text);
    }

    @Test
    void random_numbers_of_all_lengths_are_the_same_to_the_last_bit() {
        Random random = new Random(17);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder("{\"x\":[");
            for (int n = 0; n < 20; n++) {
                text.append(n == 0 ? "" : ",").append(number(random));
            }
            readsLikeTheParser(text.append("]}").toString());
        }
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Long.toString(random.nextLong() >> random.nextInt(60));
            case 2 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            case 3 -> Float.toString(random.nextFloat() - 0.5f);
            case 4 -> String.format(Locale.ROOT, "%." + random.nextInt(25) + "f", random.nextGaussian() * 1000);
            default ->
                random.nextInt(100) + "." + Long.toUnsignedString(random.nextLong()) + "e" + (random.nextInt(80) - 40);
        };
    }

    @Test
    void broken_bodies_are_refused_as_the_parser_refuses_them() {
        Random random = new Random(23);
        String good =
                "{\"a\":[1,2.5,-3e2,4,5,6,7,8,9],\"b\":{\"c\":[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,[1]],\"d\":\"x\"}}";
        String letters = "[]{},:\"\\0.-e5 ";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder broken = new StringBuilder(good);
            for (int n = 0; n < 1 + random.nextInt(3); n++) {
                broken.setCharAt(random.nextInt(good.length()), letters.charAt(random.nextInt(letters.length())));
            }
            readsLikeTheParser(broken.toString());
        }
    }

    @Test
    void places_in_messages_stay_true() {
        assertThatThrownBy(() -> reader.read("{\"a\":[1,2,3,4,5,6,7,8,9], b}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageEndingWith("(line 1, column 27)");
    }

    @Test
    void numbers_can_be_had_without_nodes() {
        NumberArray numbers = (NumberArray) reader.read("[1,2,3,4,5,6,7,1e39]".getBytes(StandardCharsets.UTF_8));
        float[] floats = new float[9];
        numbers.copyTo(floats, 1);
        assertThat(floats).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, Float.POSITIVE_INFINITY);
        assertThat(numbers.number(7)).isEqualTo(1e39);
    }
}
