package good;
import dev.patchbay.api.*;

public abstract class Base<I, O> implements InferenceModule<I, O> {
  protected ModuleContext context;
  @Override public void load(ModuleContext c) { context = c; }
}
