package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "two_modules", version = "1.1.0", owner = "tests")
public final class Worse implements InferenceModule<Worse.Request, Worse.Answer> {
    public record Request(int x) {}
    public record Answer(double y) {}
    public Answer predict(Request request, Call call) { return new Answer(2); }
}
