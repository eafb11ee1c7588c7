package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "answer_constructor_throws", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(int x) {}
public record Answer(int y) { public Answer { if (y < 0) throw new IllegalArgumentException("y is negative"); } }
public Answer predict(Request r, Call call) throws Exception { return new Answer(-1); }
}
