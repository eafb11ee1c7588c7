package dev.patchbay.core.deploy;

import dev.patchbay.api.InferenceException;

/// Says in an operator's words what a throwable from a module means.
final class Causes {

    private static final int JAVA_FEATURE_OFFSET = 44;

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
            default -> "%s: %s (at %s)".formatted(t.getClass().getName(), t.getMessage(), place(t));
        };
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

    private static String place(Throwable t) {
        for (StackTraceElement frame : t.getStackTrace()) {
            String name = frame.getClassName();
            if (!name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("sun.")) {
                return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
            }
        }
        return "unknown place";
    }
}
