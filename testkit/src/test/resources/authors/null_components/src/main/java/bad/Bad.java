package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.util.*;

@Module(task = "null_components", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(int x) {}
public record Answer(Integer y, List<String> z) {}
public Answer predict(Request r, Call call) throws Exception { return new Answer(null, null); }
}
