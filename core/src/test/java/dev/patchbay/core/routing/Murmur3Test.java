package dev.patchbay.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Published values of MurmurHash3_x86_32 with seed 0.
class Murmur3Test {

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',       00000000
            ffffffff, 76293b50
            21436587, f55b516b
            214365,   7e4a8634
            2143,     a0f7b07a
            21,       72661cf4
            00000000, 2362f9de
            000000,   85f0b427
            0000,     30f4c306
            00,       514e28b7
            """)
    void bytesOfEveryLengthOfTail(String bytes, String hash) {
        assertThat(Murmur3.hash(HexFormat.of().parseHex(bytes))).isEqualTo(HexFormat.fromHexDigitsToLong(hash));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            test,                                        ba6bd213
            'Hello, world!',                             c0363e43
            The quick brown fox jumps over the lazy dog, 2e4ff723
            """)
    void texts(String text, String hash) {
        assertThat(Murmur3.hash(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(HexFormat.fromHexDigitsToLong(hash));
    }

    /// As SMHasher checks an implementation, but with seed 0 throughout: the gateway knows no other. The value was
    /// computed by the hash of `routing-vectors/generate.py`, which passes SMHasher's check.
    @Test
    void keysOfAllLengthsTogether() {
        byte[] all = new byte[256 * 4];
        for (int length = 0; length < 256; length++) {
            byte[] key = new byte[length];
            for (int i = 0; i < length; i++) {
                key[i] = (byte) i;
            }
            long hash = Murmur3.hash(key);
            for (int i = 0; i < 4; i++) {
                all[length * 4 + i] = (byte) (hash >>> 8 * i);
            }
        }
        assertThat(Murmur3.hash(all)).isEqualTo(0xe26bb05bL);
    }
}
