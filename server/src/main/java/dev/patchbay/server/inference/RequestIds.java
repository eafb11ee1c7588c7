package dev.patchbay.server.inference;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names requests: by the caller's own id if it sends a decent one, otherwise by time and chance, so that ids
/// sort as the requests came. The form is that of a [ULID](https://github.com/ulid/spec).
public final class RequestIds {

    private static final Pattern DECENT = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    /// Gives the caller's id if it is decent, a new one otherwise.
    public String of(@Nullable String given) {
        return given != null && DECENT.matcher(given).matches() ? given : next();
    }

    private static String next() {
        char[] id = new char[26];
        write(id, 0, 10, System.currentTimeMillis());
        write(id, 10, 18, ThreadLocalRandom.current().nextLong());
        write(id, 18, 26, ThreadLocalRandom.current().nextLong());
        return new String(id);
    }

    private static void write(char[] id, int from, int to, long bits) {
        long rest = bits;
        for (int i = to - 1; i >= from; i--) {
            id[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
    }
}
