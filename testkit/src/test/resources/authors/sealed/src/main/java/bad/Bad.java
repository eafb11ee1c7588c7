package bad;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "sealed", version = "1.0.0", owner = "tests")
public class Bad implements InferenceModule<Bad.Request, Bad.Answer> {
  public sealed interface Shape permits Circle, Square {}
  public record Circle(double r) implements Shape {}
  public record Square(double a) implements Shape {}
  public record Request(Shape shape) {}
  public record Answer(double area) {}
  public Answer predict(Request r, Call call) { return new Answer(switch (r.shape()) { case Circle c -> c.r()*c.r()*3.14; case Square s -> s.a()*s.a(); }); }
}
