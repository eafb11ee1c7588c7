package good;

import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.math.BigInteger;
import java.net.URI;
import java.time.*;
import java.util.*;

@Module(task = "every_type", version = "1.0.0", owner = "tests", deterministic = true)
public class Good implements InferenceModule<Good.All, Good.All> {

    public enum Level { LOW, HIGH }

    public record All(
            UUID id,
            URI link,
            BigInteger big,
            Instant at,
            OffsetDateTime local,
            LocalDate day,
            LocalTime time,
            Duration patience,
            Set<Level> levels,
            byte[] bytes,
            double[][] matrix,
            short small,
            OptionalInt age,
            Optional<List<Level>> more,
            Map<String, Map<String, Double>> weights) {}

    @Override
    public All predict(All all, Call call) {
        return all;
    }
}
