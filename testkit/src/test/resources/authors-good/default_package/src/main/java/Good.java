import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "default_package", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Request, Good.Answer> {
  public record Request(String q) {}
  public record Answer(int length) {}
  public Answer predict(Request r, Call call) { return new Answer(r.q().length()); }
}
