package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "setting_missing", version = "1.0.0", owner = "tests", config = Bad.Settings.class)
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
public record Request(int x) {}
public record Answer(int y) {}
public record Settings(String key, int limit) {} public void load(ModuleContext c) { c.config(Settings.class); } public Answer predict(Request r, Call call) throws Exception { return new Answer(1); }
}
