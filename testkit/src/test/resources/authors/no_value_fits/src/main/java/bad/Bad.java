package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;

@Module(task = "no_value_fits", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(@Min(10) @Max(1) int x) {}
public record Answer(int y) {}
public Answer predict(Request r, Call call) throws Exception { return new Answer(1); }
}
