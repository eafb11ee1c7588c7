package dev.patchbay.core.execution;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// An error of the JVM's own in a call, which says more than that one call failed.
///
/// @param error its name and message
/// @param where the place in the module, or `an unknown place`
public record Breakage(Kind kind, String error, String where, String requestId) {

    /// What broke, and what an operator does about it.
    public enum Kind {
        /// No room for objects.
        HEAP("Bound what one request may take, give the JVM more (-Xmx), or run the module in a process of its own."
                + " Whoever asks when nothing is left gets this error: others may have taken the memory"),
        /// No room for classes.
        METASPACE("Retire versions that nobody uses (`patchbay usage`), look for leaked ones (`patchbay leaks`),"
                + " or raise -XX:MaxMetaspaceSize"),
        /// No room for buffers outside the heap.
        DIRECT_MEMORY("Let the module reuse its buffers, or raise -XX:MaxDirectMemorySize"),
        /// No more threads.
        THREADS("Look for modules with threads of their own (`patchbay modules --warnings`), or raise the limits of"
                + " the process"),
        /// An array that no JVM can have.
        ARRAY_SIZE("Bound the size that the request may ask for in its schema"),
        /// A recursion without end, or almost.
        STACK("Bound the recursion, for example by the depth that its schema allows"),
        /// A class that is missing or does not fit.
        LINKAGE("Pack the libraries that the module was compiled with into its artifact (`patchbay package`)"),
        /// Something else.
        OTHER("See the gateway's log");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }

        /// Says what an operator does about it.
        public String remedy() {
            return remedy;
        }

        /// Tells whether all modules suffer from it.
        public boolean isShared() {
            return this == HEAP || this == METASPACE || this == DIRECT_MEMORY || this == THREADS;
        }
    }

    /// Finds out what broke.
    ///
    /// @param callee whose code is to be named
    /// @return empty for what says nothing beyond its call
    static Optional<Breakage> of(Throwable thrown, Callee callee, String requestId) {
        Kind kind = switch (thrown) {
            case OutOfMemoryError e -> memory(String.valueOf(e.getMessage()));
            case StackOverflowError _ -> Kind.STACK;
            case LinkageError _ -> Kind.LINKAGE;
            case VirtualMachineError _ -> Kind.OTHER;
            default -> null;
        };
        return Optional.ofNullable(kind)
                .map(known -> new Breakage(
                        known, new ModuleFailure(thrown).toString(), where(thrown.getStackTrace(), callee), requestId));
    }

    private static Kind memory(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("metaspace") || text.contains("class space")) {
            return Kind.METASPACE;
        }
        if (text.contains("direct buffer")) {
            return Kind.DIRECT_MEMORY;
        }
        if (text.contains("native thread")) {
            return Kind.THREADS;
        }
        return text.contains("array size") ? Kind.ARRAY_SIZE : Kind.HEAP;
    }

    /// Names the place in the module that is nearest.
    static String where(StackTraceElement[] stack, Callee callee) {
        String loader = callee.loader().getName();
        return Arrays.stream(stack)
                .filter(frame -> loader != null && loader.equals(frame.getClassLoaderName()))
                .findFirst()
                .map(frame -> "%s.%s:%d".formatted(frame.getClassName(), frame.getMethodName(), frame.getLineNumber()))
                .orElse("an unknown place");
    }
}
