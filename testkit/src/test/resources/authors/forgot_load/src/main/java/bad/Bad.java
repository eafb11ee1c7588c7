package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "forgot_load", version = "1.0.0", owner = "tests", config = Bad.Settings.class)
public final class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
    public record Request(int x) {}
    public record Answer(double y) {}

    public record Settings(@Default("0.5") double above) {}
    private Settings settings;
    public Answer predict(Request request, Call call) { return new Answer(request.x() > settings.above() ? 1 : 0); }
}
