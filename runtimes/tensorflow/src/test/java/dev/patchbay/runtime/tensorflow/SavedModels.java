package dev.patchbay.runtime.tensorflow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/// Writes the SavedModels of the tests.
final class SavedModels {

    private static final float[][] WEIGHTS = {
        {0.5f, 0.25f, -1f}, {1f, -0.5f, -0.5f}, {-2f, 0.5f, 1.5f}, {-1f, -0.75f, 2f}
    };
    private static final float[] BIAS = {1f, 0.5f, -2f};

    private SavedModels() {}

    /// Writes the flower classifier into a folder: `mvn test-compile exec:java` with the folder as argument makes the
    /// one
    /// that runtimes/agreement has.
    public static void main(String[] arguments) throws IOException {
        flower(Path.of(arguments[0]));
    }

    /// The flower classifier of runtimes/make-models.py, with its weights as variables, and a second signature that
    /// gives
    /// the sums before they become probabilities.
    static void flower(Path folder) throws IOException {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
            Variable<TFloat32> weights = tf.variable(tf.constant(WEIGHTS));
            Variable<TFloat32> bias = tf.variable(tf.constant(BIAS));
            Operand<TFloat32> sums = tf.math.add(tf.linalg.matMul(x, weights), bias);
            Operand<TFloat32> probabilities = tf.nn.softmax(sums);
            session.initialize();
            export(
                    folder,
                    session,
                    Signature.builder()
                            .key("serving_default")
                            .input("x", x)
                            .output("probabilities", probabilities)
                            .build(),
                    Signature.builder()
                            .key("sums")
                            .input("measures", x)
                            .output("sums", sums)
                            .build());
        }
    }

    /// Gives back a tensor of each type, and two of one.
    static void types(Path folder) throws IOException {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            tf.variable(tf.constant(1f));
            session.initialize();
            Signature.Builder signature = Signature.builder().key("serving_default");
            for (Class<? extends TType> type : List.of(
                    TFloat32.class,
                    TFloat64.class,
                    TFloat16.class,
                    TBfloat16.class,
                    TInt32.class,
                    TInt64.class,
                    TUint8.class,
                    TUint16.class,
                    TBool.class,
                    TString.class)) {
                Placeholder<? extends TType> x = tf.placeholder(type, Placeholder.shape(Shape.of(-1, -1)));
                String name = type.getSimpleName().substring(1).toLowerCase(java.util.Locale.ROOT);
                signature.input(name, x).output(name, tf.identity(x));
            }
            export(folder, session, signature.build());
        }
    }

    /// Fails on numbers that are not positive.
    static void strict(Path folder) throws IOException {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            tf.variable(tf.constant(1f));
            session.initialize();
            Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
            Operand<TFloat32> checked = tf.withControlDependencies(List.of(tf.assertThat(
                            tf.reduceAll(tf.math.greater(x, tf.constant(0f)), tf.constant(0)), List.of(x))))
                    .identity(x);
            export(
                    folder,
                    session,
                    Signature.builder()
                            .key("serving_default")
                            .input("x", x)
                            .output("y", checked)
                            .build());
        }
    }

    private static void export(Path folder, Session session, Signature... signatures) throws IOException {
        SavedModelBundle.Exporter exporter = SavedModelBundle.exporter(folder.toString());
        for (Signature signature : signatures) {
            exporter.withFunction(SessionFunction.create(signature, session));
        }
        exporter.export();
    }
}
