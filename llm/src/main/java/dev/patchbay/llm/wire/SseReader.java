package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import org.jspecify.annotations.Nullable;

/// Reads [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html). Lines are decoded
/// whole, so that a character may be split over any number of reads. An event without its empty line is none.
final class SseReader {

    /// One event.
    ///
    /// @param name empty if it has none
    record Event(String name, String data) {}

    private final Body body;
    private final String provider;
    private boolean first = true;

    SseReader(Body body, String provider) {
        this.body = body;
        this.provider = provider;
    }

    /// Waits for the next event that has data; comments are passed over.
    ///
    /// @return null at the end of the body
    @Nullable
    Event next() throws ProviderFailure, InterruptedException {
        String name = "";
        StringBuilder data = null;
        for (byte[] bytes = body.line(); bytes != null; bytes = body.line()) {
            String line = line(bytes);
            if (line.isEmpty()) {
                if (data != null) {
                    return new Event(name, data.toString());
                }
                name = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            if (value.startsWith(" ")) {
                value = value.substring(1);
            }
            if (field.equals("data")) {
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            } else if (field.equals("event")) {
                name = value;
            }
        }
        return null;
    }

    private String line(byte[] bytes) throws ProviderFailure {
        String line = Body.text(bytes, provider);
        if (first) {
            first = false;
            if (line.startsWith("\uFEFF")) {
                line = line.substring(1);
            }
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
