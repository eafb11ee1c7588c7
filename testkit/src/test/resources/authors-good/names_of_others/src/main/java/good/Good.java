package good;
import dev.patchbay.api.*;
import dev.patchbay.api.Module;

@Module(task = "names_of_others", version = "1.0.0", owner = "tests")
public final class Good implements InferenceModule<RequestDto, ResponseDto> {
  public static final class Companion {}
  public static final Companion Companion = new Companion();
  @Override public ResponseDto predict(RequestDto r, Call call) { return new ResponseDto(r.user_name(), r.isActive(), r.URLValue()); }
}
