package dev.patchbay.core.execution;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether a call may be given an answer that another call got, and whether its own answer may be given to others. The
/// latter ends once somebody who works on the call says so, and with it that of the call that asked for it. Safe for
/// threads.
public final class Reuse {

    private final boolean takes;
    private final boolean offered;
    private final @Nullable Reuse asking;
    private volatile boolean refused;

    private Reuse(boolean takes, boolean offered, @Nullable Reuse asking) {
        this.takes = takes;
        this.offered = offered;
        this.asking = asking;
    }

    /// Lets answers be taken and given.
    public static Reuse allowed() {
        return new Reuse(true, true, null);
    }

    /// Reads the `Cache-Control` header of a request: `no-cache` wants an answer of its own, `no-store` also keeps it
    /// to itself.
    public static Reuse of(@Nullable String cacheControl) {
        boolean takes = true;
        boolean gives = true;
        if (cacheControl != null) {
            for (String directive : cacheControl.split(",")) {
                switch (directive.strip().toLowerCase(Locale.ROOT)) {
                    case "no-cache", "max-age=0" -> takes = false;
                    case "no-store" -> {
                        takes = false;
                        gives = false;
                    }
                    default -> {}
                }
            }
        }
        return new Reuse(takes, gives, null);
    }

    /// Gives what holds for a call that is made to answer this one.
    Reuse forCallee() {
        return new Reuse(takes, offered, this);
    }

    /// Gives what holds for another attempt.
    Reuse again() {
        return new Reuse(takes, offered, asking);
    }

    /// Keeps the answer to this call, and to the call it is made for.
    public void refuse() {
        refused = true;
        if (asking != null) {
            asking.refuse();
        }
    }

    /// Tells whether the call may be given an answer that is there already.
    public boolean takes() {
        return takes;
    }

    /// Tells whether the answer may be given to others.
    public boolean gives() {
        return offered && !refused;
    }
}
