package dev.patchbay.core.deploy;

import dev.patchbay.api.InferenceException;
import java.util.List;

/// Says in an operator's words what a throwable from a module means.
final class Causes {

    private static final int JAVA_FEATURE_OFFSET = 44;
    private static final String UNKNOWN = "unknown place";
    private static final List<String> JDK = List.of("java.", "jdk.", "sun.");
    private static final List<String> HOST =
            List.of("dev.patchbay.core.", "dev.patchbay.runtime.", "dev.patchbay.llm.");

    private Causes() {}

    static String explain(Throwable thrown) {
        Throwable t = thrown;
        while (t instanceof java.lang.reflect.InvocationTargetException || t instanceof ExceptionInInitializerError) {
            if (t.getCause() == null) {
                break;
            }
            t = t.getCause();
        }
        return switch (t) {
            case UnsupportedClassVersionError e -> classVersion(e);
            case NoClassDefFoundError e -> missing(e.getMessage());
            case ClassNotFoundException e -> missing(e.getMessage());
            case ClassFormatError e -> "a class file is damaged: " + e.getMessage();
            case VerifyError e -> "a class is not valid bytecode: " + firstLine(e.getMessage());
            case LinkageError e ->
                "its classes do not fit together (%s: %s); was it compiled against other versions of its libraries?"
                        .formatted(e.getClass().getSimpleName(), firstLine(e.getMessage()));
            case OutOfMemoryError e ->
                "it ran out of memory (%s); give the gateway more (-Xmx, -XX:MaxMetaspaceSize) or the module less to hold"
                        .formatted(e.getMessage());
            case StackOverflowError e -> "it called itself without end (StackOverflowError at " + place(e) + ")";
            case InferenceException e -> e.getMessage();
            case IllegalArgumentException e when isOfTheHost(e) -> String.valueOf(e.getMessage());
            case IllegalStateException e when isOfTheHost(e) -> String.valueOf(e.getMessage());
            default -> "%s (at %s)".formatted(words(t), place(t));
        };
    }

    /// An exception without a message says what caused it: a `ConnectException` may have nothing else to tell.
    private static String words(Throwable t) {
        Throwable cause = t.getCause();
        if (t.getMessage() != null || cause == null || cause == t) {
            return t.getClass().getName() + (t.getMessage() == null ? "" : ": " + t.getMessage());
        }
        return cause.getClass() == t.getClass() ? words(cause) : t.getClass().getName() + ", caused by " + words(cause);
    }

    private static String classVersion(UnsupportedClassVersionError e) {
        String message = String.valueOf(e.getMessage());
        var matcher =
                java.util.regex.Pattern.compile("class file version (\\d+)").matcher(message);
        String built =
                matcher.find() ? "Java " + (Integer.parseInt(matcher.group(1)) - JAVA_FEATURE_OFFSET) : "a newer Java";
        return "it was compiled for %s, but this gateway runs Java %d: compile with --release %d"
                .formatted(built, Runtime.version().feature(), Runtime.version().feature());
    }

    private static String missing(@org.jspecify.annotations.Nullable String name) {
        String type = String.valueOf(name).replace('/', '.');
        return "it needs %s, which is neither in the artifact nor shared by the gateway (shared: %s). Put the library into the artifact's lib folder"
                .formatted(type, String.join(", ", SharedPackages.PREFIXES));
    }

    private static String firstLine(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /// What the host refuses is said in words; its own frames mean nothing to an author.
    private static boolean isOfTheHost(Throwable t) {
        return t.getStackTrace().length > 0
                && HOST.stream().anyMatch(t.getStackTrace()[0].getClassName()::startsWith)
                && place(t).equals(UNKNOWN);
    }

    private static String place(Throwable t) {
        for (StackTraceElement frame : t.getStackTrace()) {
            String name = frame.getClassName();
            if (JDK.stream().noneMatch(name::startsWith) && HOST.stream().noneMatch(name::startsWith)) {
                return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
            }
        }
        return UNKNOWN;
    }
}
