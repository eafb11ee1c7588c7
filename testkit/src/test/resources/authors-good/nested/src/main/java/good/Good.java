package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;
import jakarta.validation.constraints.*;
import java.util.*;
import java.time.*;
import java.math.*;

@Module(task = "nested", version = "1.0.0", owner = "tests")
public class Good implements InferenceModule<Good.Order, Good.Verdict> {
  public enum Channel { WEB, STORE, PHONE }
  public record Money(BigDecimal amount, @Pattern(regexp="[A-Z]{3}") String currency) {}
  public record Line(@NotBlank String sku, @Min(1) int count, Money price, Optional<Money> discount) {}
  public record Order(Channel channel, @Size(min=1, max=20) List<Line> lines, Map<String, List<String>> tags, Instant placed, LocalDate due) {}
  public record Verdict(BigDecimal total, Channel channel, LocalDate due, Map<String,Integer> counts, Optional<String> note) {}
  public Verdict predict(Order o, Call call) {
    BigDecimal t = o.lines().stream().map(l -> l.price().amount().multiply(BigDecimal.valueOf(l.count()))).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Verdict(t, o.channel(), o.due(), Map.of("lines", o.lines().size()), Optional.empty());
  }
}
