package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "no_interface", version = "1.0.0", owner = "tests")
public final class Bad {
    public record Request(int x) {}
    public record Answer(double y) {}

    public Answer predict(Request request, Call call) { return new Answer(request.x()); }
}
