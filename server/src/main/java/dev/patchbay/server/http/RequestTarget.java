package dev.patchbay.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a request goes. Segments are decoded once; what two readers could take for two different paths is no target.
///
/// @param path as sent
/// @param segments decoded; without the empty one before the first slash
/// @param query as sent
record RequestTarget(
        String path, List<String> segments, @Nullable String query) {

    /// Reads a target in origin form or absolute form; null when it is neither, or badly encoded.
    static @Nullable RequestTarget parse(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
                return null;
            }
        }
        int start = pathStart(target);
        if (start < 0) {
            return null;
        }
        int question = target.indexOf('?', start);
        int end = question < 0 ? target.length() : question;
        String path = start == end ? "/" : target.substring(start, end);
        List<String> segments = segments(path);
        if (segments == null) {
            return null;
        }
        String query = question < 0 ? null : target.substring(question + 1);
        return query == null || isEncoded(query) ? new RequestTarget(path, segments, query) : null;
    }

    private static int pathStart(String target) {
        if (target.startsWith("/")) {
            return 0;
        }
        int authority = target.startsWith("http://") ? 7 : target.startsWith("https://") ? 8 : -1;
        if (authority < 0) {
            return -1;
        }
        for (int i = authority; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return target.length();
    }

    private static @Nullable List<String> segments(String path) {
        List<String> segments = new ArrayList<>(6);
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String segment = decode(path.substring(from, to), false);
            if (segment == null || isAmbiguous(segment)) {
                return null;
            }
            segments.add(segment);
            from = to + 1;
        }
        return segments;
    }

    private static boolean isAmbiguous(String segment) {
        if (segment.equals(".") || segment.equals("..")) {
            return true;
        }
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                return true;
            }
        }
        return false;
    }

    /// Finds the first value of a query parameter.
    @Nullable
    String queryParameter(String name) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (name.equals(decode(key, true))) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            }
        }
        return null;
    }

    private static boolean isEncoded(String query) {
        return decode(query, true) != null;
    }

    private static @Nullable String decode(String encoded, boolean plusIsSpace) {
        boolean plain = encoded.indexOf('%') < 0 && !(plusIsSpace && encoded.indexOf('+') >= 0);
        if (plain) {
            return encoded;
        }
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int octet = octet(encoded, i + 1);
                if (octet < 0) {
                    return null;
                }
                bytes[length++] = (byte) octet;
                i += 2;
            } else {
                bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private static int octet(String encoded, int at) {
        if (at + 2 > encoded.length()) {
            return -1;
        }
        int high = Character.digit(encoded.charAt(at), 16);
        int low = Character.digit(encoded.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
