package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "unknown_setting", version = "1.0.0", owner = "tests", config = Bad.Settings.class)
public final class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
    public record Request(int x) {}
    public record Answer(double y) {}

    public record Settings(@Default("0.5") double above) {}
     public void load(ModuleContext context) { context.config(Settings.class); }
    public Answer predict(Request request, Call call) { return new Answer(request.x()); }
}
