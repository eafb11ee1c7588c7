package dev.patchbay.core.deploy;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// An executor that can be let go of. The JDK keeps what an HTTP client was made of until nobody holds the client any
/// more; a module that holds it in a static field would so hold itself, by the client's executor.
final class DetachableExecutor implements Executor {

    private volatile @Nullable Executor delegate;

    DetachableExecutor(Executor delegate) {
        this.delegate = delegate;
    }

    @Override
    public void execute(Runnable task) {
        Executor executor = delegate;
        if (executor == null) {
            throw new RejectedExecutionException("the module that this executor was made for is retired");
        }
        executor.execute(task);
    }

    void detach() {
        delegate = null;
    }
}
