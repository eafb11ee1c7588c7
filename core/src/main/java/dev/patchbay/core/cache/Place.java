package dev.patchbay.core.cache;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where the text of a call stands among others.
///
/// @param partition all else that makes calls equal: the instance, the tenant, whether it streams, and the rest of the
///     request. Only places of one partition are compared
/// @param direction the text's embedding, of length one
record Place(CacheKey partition, float[] direction) {

    /// Reads an embedding.
    ///
    /// @return null if it has no direction
    static @Nullable Place of(CacheKey partition, JsonNode numbers) {
        double squares = 0;
        for (JsonNode number : numbers) {
            squares += number.asDouble(Double.NaN) * number.asDouble(Double.NaN);
        }
        double length = Math.sqrt(squares);
        if (!(length > 0) || Double.isInfinite(length)) {
            return null;
        }
        float[] direction = new float[numbers.size()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) (numbers.path(i).asDouble() / length);
        }
        return new Place(partition, direction);
    }

    /// Gives the cosine of the angle between two directions; -1 if they are of different spaces.
    double likeness(float[] other) {
        if (other.length != direction.length) {
            return -1;
        }
        double sum = 0;
        for (int i = 0; i < direction.length; i++) {
            sum += direction[i] * other[i];
        }
        return sum;
    }
}
