package dev.patchbay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The nearest of those that are near enough, of one partition, and still kept.
class NeighboursTest {

    private static final CacheKey PARTITION = key("acme", 0);

    private final Neighbours neighbours = new Neighbours();

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static CacheKey key(String tenant, int number) {
        return CacheKey.of(1, tenant, false, json(Integer.toString(number)));
    }

    private static Place at(CacheKey partition, String numbers) {
        return Objects.requireNonNull(Place.of(partition, json(numbers)));
    }

    private static Place at(String numbers) {
        return at(PARTITION, numbers);
    }

    @Test
    void theNearestThatIsNearEnoughIsFound() {
        neighbours.add(key("acme", 1), at("[1, 0]"));
        neighbours.add(key("acme", 2), at("[10, 3]"));

        assertThat(neighbours.nearest(at("[5, 1.4]"), 0.9, key -> true)).isEqualTo(key("acme", 2));
        assertThat(neighbours.nearest(at("[5, 1.4]"), 0.9, key -> !key.equals(key("acme", 2))))
                .isEqualTo(key("acme", 1));
        assertThat(neighbours.nearest(at("[0, 1]"), 0.9, key -> true)).isNull();
    }

    @Test
    void partitionsAndSpacesAreKeptApart() {
        neighbours.add(key("acme", 1), at("[1, 0]"));

        assertThat(neighbours.nearest(at(key("other", 0), "[1, 0]"), 0.5, key -> true))
                .isNull();
        assertThat(neighbours.nearest(at("[1, 0, 0]"), 0.0, key -> true)).isNull();
    }

    @Test
    void whatWasRemovedIsNotFound() {
        neighbours.add(key("acme", 1), at("[1, 0]"));
        neighbours.remove(key("acme", 1), at("[1, 0]"));

        assertThat(neighbours.nearest(at("[1, 0]"), 0.5, key -> true)).isNull();
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        for (int i = 1; i <= Neighbours.MOST + 1; i++) {
            neighbours.add(key("acme", i), at(i == 1 ? "[0, 1]" : "[1, 0]"));
        }
        assertThat(neighbours.nearest(at("[0, 1]"), 0.5, key -> true)).isNull();
        assertThat(neighbours.nearest(at("[1, 0]"), 0.5, key -> true)).isNotNull();
    }

    @Test
    void whatHasNoDirectionHasNoPlace() {
        assertThat(Place.of(PARTITION, json("[0, 0]"))).isNull();
        assertThat(Place.of(PARTITION, json("[]"))).isNull();
        assertThat(Place.of(PARTITION, json("[1, \"x\"]"))).isNull();
    }
}
