package dev.patchbay.server.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.JsonTensor;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.server.oip.InferRequest.Inputs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Whatever bytes come, the decoders give a tensor or name what the caller did wrong; they never fail in another way
/// and never make more of a request than its length allows.
class DecoderFuzzTest {

    private static final JsonReader JSON = new JsonReader(64);

    private static void onlyTheCallerIsToBlame(Runnable reading) {
        try {
            reading.run();
        } catch (InferenceException refused) {
            assertThat(refused.code().kind()).isEqualTo(ErrorCode.Kind.CALLER);
            assertThat(refused.getMessage()).isNotBlank();
        } catch (InvalidTensor refused) {
            assertThat(refused.what()).isNotBlank();
        }
    }

    // --- bytes ---

    @Property(tries = 5000)
    void anyBytesOfAnyTypeAndShape(@ForAll TensorType type, @ForAll("shapes") long[] shape, @ForAll byte[] bytes) {
        onlyTheCallerIsToBlame(() -> {
            Tensor tensor = RawTensor.read("x", type, shape, ByteBuffer.wrap(bytes));
            assertThat(tensor.size()).isLessThanOrEqualTo(bytes.length);
        });
    }

    @Property(tries = 2000)
    void whatIsReadIsWrittenAsItWas(@ForAll TensorType type, @ForAll byte[] some) {
        int width = RawTensor.width(type);
        byte[] bytes = width == 0 ? elements(some) : Arrays.copyOf(some, some.length / width * width);
        if (type == TensorType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= 1;
            }
        }
        long count = width == 0 ? some.length : bytes.length / width;
        Tensor tensor = RawTensor.read("x", type, new long[] {count}, ByteBuffer.wrap(bytes));
        ByteBuffer written = ByteBuffer.allocate((int) RawTensor.size(tensor));
        RawTensor.write(tensor, written);
        assertThat(written.hasRemaining()).isFalse();
        assertThat(written.array()).isEqualTo(bytes);
    }

    /// An element of one letter for each byte.
    private static byte[] elements(byte[] some) {
        ByteBuffer elements = ByteBuffer.allocate(some.length * 5).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (byte letter : some) {
            elements.putInt(1).put((byte) (letter & 0x7f));
        }
        return elements.array();
    }

    // --- JSON ---

    @Property(tries = 3000)
    void anyText(@ForAll String text) {
        onlyTheCallerIsToBlame(() -> new InferReader(JSON).read(text.getBytes(StandardCharsets.UTF_8), null));
    }

    @Property(tries = 5000)
    void aRequestWithAnyBytesPutIn(
            @ForAll("requests") String request,
            @ForAll int place,
            @ForAll byte[] put,
            @ForAll("lengths") String length) {
        byte[] body = request.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(
                put,
                0,
                body,
                Math.floorMod(place, body.length),
                Math.min(put.length, body.length - Math.floorMod(place, body.length)));
        onlyTheCallerIsToBlame(() -> new InferReader(JSON).read(body, length.isEmpty() ? null : length));
    }

    @Property(tries = 5000)
    void aRequestOfAnyTypeShapeAndValues(@ForAll("requests") String request) {
        onlyTheCallerIsToBlame(() -> {
            InferRequest read = new InferReader(JSON).read(request.getBytes(StandardCharsets.UTF_8), null);
            for (InferRequest.NamedTensor input : ((Inputs.Named) read.inputs()).tensors()) {
                assertThat(input.tensor().size()).isLessThanOrEqualTo(request.length());
            }
        });
    }

    @Property(tries = 2000)
    void floatsComeBackAsTheyWere(@ForAll float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.isFinite(values[i]) ? values[i] : 0;
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), written)) {
            JsonTensor.write(json, "x", Tensor.of(values, values.length));
        }
        String request = "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d],\"datatype\":\"FP32\",\"data\":%s}]}"
                .formatted(values.length, written.toString(StandardCharsets.UTF_8));
        InferRequest read = new InferReader(JSON).read(request.getBytes(StandardCharsets.UTF_8), null);
        assertThat(((Inputs.Named) read.inputs()).tensors().getFirst().tensor().floats())
                .isEqualTo(values);
    }

    @Provide
    Arbitrary<long[]> shapes() {
        Arbitrary<Long> sizes = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.longs().between(0, 6)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs()),
                net.jqwik.api.Tuple.of(1, Arbitraries.of(2147483647L, 4294967296L, Long.MAX_VALUE, -1L)));
        return sizes.array(long[].class).ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> lengths() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.integers().between(-5, 300).map(String::valueOf),
                Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> types =
                Arbitraries.oneOf(Arbitraries.of(TensorType.class).map(Enum::name), Arbitraries.of("FP8", "", "fp32"));
        Arbitrary<String> values = Arbitraries.of(
                "0",
                "1",
                "-1",
                "255",
                "1.5",
                "1e400",
                "99999999999999999999",
                "true",
                "\"a\"",
                "null",
                "[]",
                "[1]",
                "{}");
        Arbitrary<String> data = Arbitraries.oneOf(
                values.list().ofMaxSize(7).map(list -> "[" + String.join(",", list) + "]"),
                values.list()
                        .ofSize(2)
                        .list()
                        .ofMaxSize(3)
                        .map(rows -> rows.stream()
                                .map(row -> "[" + String.join(",", row) + "]")
                                .toList()
                                .toString()),
                values);
        return Combinators.combine(types, shapes(), data, Arbitraries.shuffle(0, 1, 2, 3))
                .as((type, shape, list, order) -> {
                    List<String> members = List.of(
                            "\"name\":\"x\"",
                            "\"datatype\":\"" + type + "\"",
                            "\"shape\":" + Arrays.toString(shape),
                            "\"data\":" + list);
                    return "{\"inputs\":[{"
                            + String.join(",", order.stream().map(members::get).toList()) + "}]}";
                });
    }
}
