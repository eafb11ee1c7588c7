package dev.patchbay.server.http;

import java.io.IOException;
import java.io.Serial;

/// Nobody takes the answer any more.
public final class ClientGoneException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    ClientGoneException(String message) {
        super(message);
    }
}
