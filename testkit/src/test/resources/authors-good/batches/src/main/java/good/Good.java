package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import java.util.*;

@Module(task = "batches", version = "1.0.0", owner = "tests")
public class Good implements BatchModule<Good.Request, Good.Answer> {
  public record Request(double x) {}
  public record Answer(double y) {}
  public List<Answer> predictAll(List<Request> all, Batch batch) { return all.stream().map(r -> new Answer(r.x()*2)).toList(); }
}
