package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "streams", version = "1.0.0", owner = "tests")
public class Good implements StreamingModule<Good.Request, Good.Word, Good.Answer> {
  public record Request(String text) {}
  public record Word(String w) {}
  public record Answer(int words) {}
  public Answer stream(Request r, Call call, Parts<Word> out) throws Exception { int n=0; for (String w : r.text().split(" ")) { out.emit(new Word(w)); n++; } return new Answer(n); }
}
