package dev.patchbay.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Versions stand in the order that Semantic Versioning gives them.
class VersionOrderTest {

    /// The example of the specification, and what text alone gets wrong.
    private static final List<String> ORDERED = List.of(
            "0.9.0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0+build.7",
            "1.0.1-20251122000000",
            "1.0.1-20261122000000",
            "1.2.0",
            "1.10.0-rc-1.2",
            "1.10.0",
            "2.0.0",
            "10.0.0");

    @Test
    void oldStandsBeforeNew() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> shuffled = new ArrayList<>(ORDERED);
            Collections.shuffle(shuffled, random);
            shuffled.sort(VersionOrder.OLD_TO_NEW);
            assertThat(shuffled).isEqualTo(ORDERED);
        }
    }

    @Test
    void keysStandByTaskAndThenByVersion() {
        List<ModuleKey> keys = new ArrayList<>(
                List.of(new ModuleKey("b", "1.2.0"), new ModuleKey("a", "1.10.0"), new ModuleKey("a", "1.9.0")));
        Collections.sort(keys);
        assertThat(keys).extracting(ModuleKey::toString).containsExactly("a@1.9.0", "a@1.10.0", "b@1.2.0");
    }
}
