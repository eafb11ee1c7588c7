package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.util.*;
import java.time.*;

@Module(task = "settings", version = "1.0.0", owner = "tests", config = Good.Settings.class)
public class Good implements InferenceModule<Good.Request, Good.Answer> {
  public enum Mode { FAST, GOOD }
  public record Limits(@Default("10") int most, @Default("PT5S") Duration pause) {}
  public record Settings(@Default("[a, b]") List<String> words, @Default("PT2S") Duration patience, @Default("GOOD") Mode mode, Limits limits, Optional<Map<String, Double>> weights, Optional<String> note) {}
  public record Request(String q) {}
  public record Answer(String mode, long millis, List<String> words) {}
  Settings s;
  public void load(ModuleContext c) { s = c.config(Settings.class); }
  public Answer predict(Request r, Call call) { return new Answer(s.mode().name(), s.patience().toMillis(), s.words()); }
}
