package dev.patchbay.core.deploy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that tells whether it was closed.
final class LentStream extends FilterInputStream {

    private volatile boolean closed;

    LentStream(InputStream in) {
        super(in);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}
