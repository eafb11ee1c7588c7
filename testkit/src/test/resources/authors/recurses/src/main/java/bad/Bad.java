package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "recurses", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(int x) {}
public record Answer(int y) {}
int deep(int n) { return deep(n + 1) + 1; } public Answer predict(Request r, Call call) throws Exception { return new Answer(deep(1)); }
}
