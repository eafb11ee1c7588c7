package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "private_record", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
private record Request(int x) {}
private record Answer(int y) {}
public Answer predict(Request r, Call call) throws Exception { return new Answer(r.x()); }
}
