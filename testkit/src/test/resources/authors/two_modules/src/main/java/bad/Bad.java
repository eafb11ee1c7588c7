package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "two_modules", version = "1.0.0", owner = "tests")
public final class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
    public record Request(int x) {}
    public record Answer(double y) {}

    public Answer predict(Request request, Call call) { return new Answer(request.x()); }
}
