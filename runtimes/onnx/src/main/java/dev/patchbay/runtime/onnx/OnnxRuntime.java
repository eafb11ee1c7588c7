package dev.patchbay.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.Map;

/// The ONNX engine of the process.
///
/// ONNX Runtime frees its environment in a shutdown hook of its own, also under running calls. The gateway
/// therefore lets no model run when the JVM's exit begins: it drains on the signal, before it exits.
public final class OnnxRuntime implements ModelRuntime {

    private static final String OPTIONS =
            "graph_optimization_level (disable, basic, extended, all), execution_mode (sequential, parallel), "
                    + "memory_pattern (true, false), cpu_arena (true, false), provider (cpu, cuda)";

    @Override
    public String format() {
        return "onnx";
    }

    @Override
    public boolean accepts(Path model) {
        return model.toString().endsWith(".onnx");
    }

    @Override
    public OpenModel open(Path file, ModelOptions options) {
        CommandLine.refuseIfTooLong();
        // errors are thrown; beside that, anybody who sends wrong inputs could fill the process's output
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setIntraOpNumThreads(options.threads());
            session.setInterOpNumThreads(1);
            for (Map.Entry<String, String> option : options.engine().entrySet()) {
                apply(session, option.getKey(), option.getValue());
            }
            return new OnnxModel(environment, environment.createSession(file.toString(), session));
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "ONNX Runtime refuses " + file.getFileName() + ": " + firstSentence(e), e);
        }
    }

    @Override
    public boolean runsOnCaller(ModelOptions options) {
        return options.threads() == 1
                && options.engine().getOrDefault("provider", "cpu").equals("cpu");
    }

    private static void apply(OrtSession.SessionOptions session, String name, String value) throws OrtException {
        switch (name) {
            case "graph_optimization_level" ->
                session.setOptimizationLevel(
                        switch (value) {
                            case "disable" -> OrtSession.SessionOptions.OptLevel.NO_OPT;
                            case "basic" -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
                            case "extended" -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
                            case "all" -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
                            default -> throw unknown(name, value);
                        });
            case "execution_mode" ->
                session.setExecutionMode(
                        switch (value) {
                            case "sequential" -> OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL;
                            case "parallel" -> OrtSession.SessionOptions.ExecutionMode.PARALLEL;
                            default -> throw unknown(name, value);
                        });
            case "memory_pattern" -> session.setMemoryPatternOptimization(yes(name, value));
            case "cpu_arena" -> session.setCPUArenaAllocator(yes(name, value));
            case "provider" -> provider(session, value);
            default -> throw unknown(name, value);
        }
    }

    private static void provider(OrtSession.SessionOptions session, String value) {
        if (value.equals("cpu")) {
            return;
        }
        if (!value.equals("cuda")) {
            throw unknown("provider", value);
        }
        try {
            session.addCUDA(0);
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "provider 'cuda' is not available here (%s): put onnxruntime_gpu in place of onnxruntime, or use provider 'cpu'"
                            .formatted(firstSentence(e)),
                    e);
        }
    }

    private static boolean yes(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unknown(name, value);
        };
    }

    private static IllegalArgumentException unknown(String name, String value) {
        return new IllegalArgumentException(
                "option %s=%s is not known to the ONNX engine; there are %s".formatted(name, value, OPTIONS));
    }

    static String firstSentence(OrtException e) {
        String message = String.valueOf(e.getMessage());
        int line = message.indexOf('\n');
        return line < 0 ? message : message.substring(0, line);
    }

    /// Leaves the environment to the end of the process: it cannot be opened again.
    @Override
    public void close() {}
}
