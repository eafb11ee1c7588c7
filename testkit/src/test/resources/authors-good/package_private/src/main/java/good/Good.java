package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "g_ppr", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Request, Good.Answer> {
  record Request(String word) {}
  record Answer(int n) {}
  public Answer predict(Request r, Call call) { return new Answer(r.word().length()); }
}
