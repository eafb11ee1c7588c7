package dev.patchbay.bench.load;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One HTTP answer as it came over the wire.
public record Answer(int status, String head, byte[] content) {
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    public String body() {
        return new String(content, StandardCharsets.UTF_8);
    }

    public @Nullable String header(String name) {
        return header(head, name);
    }

    static @Nullable String header(String head, String name) {
        for (int line = head.indexOf("\r\n"); line >= 0; line = head.indexOf("\r\n", line + 2)) {
            int colon = line + 2 + name.length();
            if (colon < head.length()
                    && head.charAt(colon) == ':'
                    && head.regionMatches(true, line + 2, name, 0, name.length())) {
                int end = head.indexOf("\r\n", colon);
                return head.substring(colon + 1, end < 0 ? head.length() : end).strip();
            }
        }
        return null;
    }
}
