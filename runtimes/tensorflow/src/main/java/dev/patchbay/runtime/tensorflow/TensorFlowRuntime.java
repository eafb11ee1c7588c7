package dev.patchbay.runtime.tensorflow;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/// The TensorFlow engine of the process. It is loaded with the first model: its native libraries are unpacked once,
/// into
/// the directory that the system property `patchbay.natives` names, otherwise into that of JavaCPP.
public final class TensorFlowRuntime implements ModelRuntime {

    private static final String FILE = "saved_model.pb";
    private static final String SERVING = "serving_default";
    private static final Set<String> VARIABLES = Set.of("Variable", "VariableV2", "VarHandleOp");
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    @Override
    public String format() {
        return "tensorflow";
    }

    @Override
    public boolean accepts(Path model) {
        return model.endsWith(FILE) || Files.exists(model.resolve(FILE));
    }

    @Override
    public OpenModel open(Path model, ModelOptions options) {
        for (String option : options.engine().keySet()) {
            if (!option.equals("signature") && !option.equals("tags")) {
                throw new IllegalArgumentException(
                        "option '%s' is not known to the TensorFlow engine; there are signature (default serving_default) and tags (default serve)"
                                .formatted(option));
            }
        }
        Path folder = model.endsWith(FILE) ? model.resolveSibling(".").normalize() : model;
        List<String> tags = List.of(options.engine()
                .getOrDefault("tags", SavedModelBundle.DEFAULT_TAG)
                .split("\\s*,\\s*"));
        MetaGraphDef graph = graph(folder, tags);
        String name = options.engine().getOrDefault("signature", SERVING);
        SignatureDef signature = graph.getSignatureDefMap().get(name);
        if (signature == null) {
            throw new IllegalArgumentException(
                    "the model has no signature '%s'; it has %s. Choose one with options.signature"
                            .formatted(
                                    name,
                                    new TreeSet<>(graph.getSignatureDefMap().keySet())));
        }
        if (!Files.exists(folder.resolve("variables/variables.index"))
                && graph.getGraphDef().getNodeList().stream().anyMatch(node -> VARIABLES.contains(node.getOp()))) {
            throw new IllegalArgumentException(
                    "%s has variables, but no folder variables/ with their values; copy the whole SavedModel"
                            .formatted(folder.getFileName()));
        }
        Signature tensors = Signature.of(name, signature);
        useNatives();
        try {
            return new TensorFlowModel(
                    SavedModelBundle.loader(folder.toString())
                            .withTags(tags.toArray(String[]::new))
                            .withConfigProto(ConfigProto.newBuilder()
                                    .setUsePerSessionThreads(true)
                                    .setIntraOpParallelismThreads(options.threads())
                                    .setInterOpParallelismThreads(1)
                                    .build())
                            .load(),
                    tensors);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "TensorFlow refuses %s: %s".formatted(folder.getFileName(), TensorFlowModel.cause(e)), e);
        }
    }

    /// Reads what the model says of itself, before the engine is asked.
    private static MetaGraphDef graph(Path folder, List<String> tags) {
        SavedModel saved;
        try (InputStream file = Files.newInputStream(folder.resolve(FILE))) {
            saved = SavedModel.parseFrom(file);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "%s/%s is no SavedModel: %s".formatted(folder.getFileName(), FILE, e.getMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (saved.getMetaGraphsCount() == 0) {
            throw new IllegalArgumentException(
                    "%s/%s is no SavedModel: it holds no graph".formatted(folder.getFileName(), FILE));
        }
        return saved.getMetaGraphsList().stream()
                .filter(graph -> graph.getMetaInfoDef().getTagsList().containsAll(tags)
                        && graph.getMetaInfoDef().getTagsCount() == tags.size())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the model has no graph with the tags %s; it has %s. Choose one with options.tags"
                                .formatted(
                                        tags,
                                        saved.getMetaGraphsList().stream()
                                                .map(graph -> graph.getMetaInfoDef()
                                                        .getTagsList()
                                                        .toString())
                                                .collect(Collectors.joining(", ")))));
    }

    /// Tells JavaCPP where to unpack, before it is asked to.
    private static void useNatives() {
        String natives = System.getProperty("patchbay.natives");
        if (natives != null && System.getProperty(CACHE) == null) {
            System.setProperty(CACHE, Path.of(natives, "javacpp").toString());
        }
    }

    /// Leaves the libraries to the end of the process: they cannot be loaded again.
    @Override
    public void close() {}
}
