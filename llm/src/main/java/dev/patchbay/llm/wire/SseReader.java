package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html). Lines are taken
/// whole, so that a character may be split over any number of reads. An event without its empty line is none.
final class SseReader {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Body body;
    private final String provider;
    private boolean first = true;

    SseReader(Body body, String provider) {
        this.body = body;
        this.provider = provider;
    }

    /// One event.
    ///
    /// @param provider who sent it
    /// @param name empty if it has none
    record Event(String provider, String name, byte[] data) {

        /// Tells whether the event says just this, in ASCII.
        boolean says(String text) {
            return data.length == text.length() && text.equals(new String(data, StandardCharsets.US_ASCII));
        }

        /// Reads it as JSON.
        JsonNode json() throws ProviderFailure {
            try {
                return MAPPER.readTree(data);
            } catch (JacksonException e) {
                // tells first if it is no text
                Body.text(data, provider);
                throw new ProviderFailure(
                        Kind.GARBLED,
                        provider,
                        "Provider '%s' sent an event that is no JSON".formatted(provider),
                        null,
                        null,
                        e);
            }
        }
    }

    /// Waits for the next event that has data; comments are passed over.
    ///
    /// @return null at the end of the body
    @Nullable
    Event next() throws ProviderFailure, InterruptedException {
        String name = "";
        byte[] data = null;
        for (byte[] line = body.line(); line != null; line = body.line()) {
            int from = first && starts(line, 0, line.length, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
            first = false;
            int to = line.length > from && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
            if (to == from) {
                if (data != null) {
                    return new Event(provider, name, data);
                }
                name = "";
            } else if (starts(line, from, to, DATA)) {
                byte[] value = value(line, from + DATA.length, to);
                data = data == null ? value : joined(data, value);
            } else if (starts(line, from, to, EVENT)) {
                name = Body.text(value(line, from + EVENT.length, to), provider);
            }
        }
        return null;
    }

    private static boolean starts(byte[] line, int from, int to, byte[] with) {
        return to - from >= with.length && Arrays.equals(line, from, from + with.length, with, 0, with.length);
    }

    private static byte[] value(byte[] line, int from, int to) {
        return Arrays.copyOfRange(line, from < to && line[from] == ' ' ? from + 1 : from, to);
    }

    private static byte[] joined(byte[] before, byte[] line) {
        byte[] joined = Arrays.copyOf(before, before.length + 1 + line.length);
        joined[before.length] = '\n';
        System.arraycopy(line, 0, joined, before.length + 1, line.length);
        return joined;
    }
}
