package {{package}};

import dev.patchbay.api.Call;
import dev.patchbay.api.Default;
import dev.patchbay.api.Description;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Module;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;

/// Scores how urgent a text sounds, by the words in it. Put your model here.
@Module(
        task = "{{task}}",
        version = "1.0.0",
        owner = "{{owner}}",
        description = "How urgent a text sounds",
        deterministic = true,
        config = {{Class}}.Settings.class)
public final class {{Class}} implements InferenceModule<{{Class}}.Request, {{Class}}.Answer> {

    /// The annotations become the JSON Schema that the gateway enforces: what reaches `predict` fulfils it.
    public record Request(@NotBlank @Size(max = 2000) String text) {}

    public record Answer(@DecimalMin("0") @DecimalMax("1") double score, Label label) {}

    public enum Label {
        low,
        high
    }

    /// Set in patchbay.yaml, under inference.{{task}}.config.
    public record Settings(
            @Description("The words that make a text urgent") @Default("[urgent, broken, now]") List<String> words,

            @Name("high_above") @Description("A text with a higher score is of high urgency")
            @Default("0.5") @DecimalMin("0") @DecimalMax("1") double highAbove) {}

    private Settings settings;

    @Override
    public void load(ModuleContext context) {
        settings = context.config(Settings.class);
    }

    @Override
    public Answer predict(Request request, Call call) {
        String text = request.text().toLowerCase(Locale.ROOT);
        long found = settings.words().stream().filter(text::contains).count();
        double score = Math.min(1, found / 3.0);
        return new Answer(score, score > settings.highAbove() ? Label.high : Label.low);
    }
}
