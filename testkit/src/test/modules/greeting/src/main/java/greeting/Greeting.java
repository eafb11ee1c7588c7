package greeting;

import dev.patchbay.api.Call;
import dev.patchbay.api.Default;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Module;
import dev.patchbay.api.ModuleContext;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Optional;

@Module(
        task = "greeting",
        version = "1.0.0",
        owner = "docs",
        description = "Says hello",
        deterministic = true,
        config = Greeting.Settings.class)
public final class Greeting implements InferenceModule<Greeting.Person, Greeting.Words> {

    public record Person(@NotBlank @Size(max = 80) String name, @Min(0) @Max(150) Optional<Integer> age) {}

    public record Words(String text) {}

    public record Settings(@Default("Hello") String opening) {}

    private Settings settings;

    @Override
    public void load(ModuleContext context) {
        settings = context.config(Settings.class);
    }

    @Override
    public Words predict(Person person, Call call) {
        return new Words(settings.opening() + ", " + person.name());
    }
}
