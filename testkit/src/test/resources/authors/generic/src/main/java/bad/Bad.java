package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.util.*;

@Module(task = "generic", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Page<Bad.Hit>> {
  public record Request(String q) {}
  public record Hit(String id, double score) {}
  public record Page<T>(List<T> items, int total) {}
  public Page<Hit> predict(Request r, Call call) { return new Page<>(List.of(new Hit(r.q(), 0.5)), 1); }
}
