package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "base_class", version = "1.0.0", owner = "tests")
public class Good extends Base<Good.Request, Good.Answer> {
  public record Request(String q) {}
  public record Answer(int length) {}
  @Override public Answer predict(Request r, Call call) { return new Answer(r.q().length()); }
}
