package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "golden_request_wrong", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(int x) {}
public record Answer(int y) {}
public Answer predict(Request r, Call call) throws Exception { return new Answer(r.x()); }
}
