package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;

@Module(task = "recursive", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Node, Good.Answer> {
  public record Node(String name, @Size(max=5) List<Node> children) {}
  public record Answer(int size) {}
  static int size(Node n) { return 1 + n.children().stream().mapToInt(Good::size).sum(); }
  public Answer predict(Node r, Call call) { return new Answer(size(r)); }
}
