package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.time.*;

@Module(task = "compact_constructor", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Request, Good.Answer> {
  public record Request(LocalDate from, LocalDate to) { public Request { if (to.isBefore(from)) throw new IllegalArgumentException("to is before from"); } }
  public record Answer(long days) {}
  public Answer predict(Request r, Call call) { return new Answer(java.time.temporal.ChronoUnit.DAYS.between(r.from(), r.to())); }
}
