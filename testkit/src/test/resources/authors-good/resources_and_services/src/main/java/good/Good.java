package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.util.*;

@Module(task = "resources_and_services", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Request, Good.Answer> {
  public record Request(String word) {}
  public record Answer(boolean known, int hello) {}
  public interface Greeter { int hello(); }
  public static class Mine implements Greeter { public int hello() { return 7; } }
  Set<String> words; int hello;
  static final System.Logger LOG = System.getLogger(Good.class.getName());
  static final java.util.logging.Logger JUL = java.util.logging.Logger.getLogger("shop");
  public void load(ModuleContext c) throws Exception {
    try (var in = Good.class.getResourceAsStream("/words.txt")) { words = Set.of(new String(in.readAllBytes()).strip().split("\n")); }
    hello = ServiceLoader.load(Greeter.class).findFirst().orElseThrow().hello();
    LOG.log(System.Logger.Level.INFO, "loaded"); JUL.info("loaded too"); org.slf4j.LoggerFactory.getLogger(Good.class).info("loaded three");
  }
  public Answer predict(Request r, Call call) { return new Answer(words.contains(r.word()), hello); }
}
