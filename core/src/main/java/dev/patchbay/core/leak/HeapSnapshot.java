package dev.patchbay.core.leak;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;

/// The live objects of this process at one moment. Taking it stops the process for as long as writing all of them
/// to disk takes. The file holds whatever was in memory, secrets too: only the owner can read it, and it is
/// deleted when this is closed.
final class HeapSnapshot implements AutoCloseable {

    private final Path directory;
    private final Heap heap;
    private final Map<Long, List<JavaClass>> classesByLoader = new HashMap<>();

    /// Takes a snapshot.
    ///
    /// @param parent where the file is while it is read
    HeapSnapshot(Path parent) {
        try {
            Files.createDirectories(parent);
            directory = Files.createTempDirectory(parent, "heap-");
            Path file = directory.resolve("heap.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
            heap = HeapFactory.createHeap(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("the heap could not be written to " + parent, e);
        }
        for (JavaClass type : classes()) {
            Instance loader = type.getClassLoader();
            if (loader != null) {
                classesByLoader
                        .computeIfAbsent(loader.getInstanceId(), id -> new ArrayList<>())
                        .add(type);
            }
        }
    }

    Heap heap() {
        return heap;
    }

    @SuppressWarnings("unchecked") // the library has no type parameters
    private List<JavaClass> classes() {
        return heap.getAllClasses();
    }

    /// Lists the classes that a loader defined.
    List<JavaClass> definedBy(Instance loader) {
        return classesByLoader.getOrDefault(loader.getInstanceId(), List.of());
    }

    @SuppressWarnings("unchecked")
    static List<Instance> instances(JavaClass type) {
        return type.getInstances();
    }

    /// Gives the class that an object is the mirror of.
    @Nullable
    JavaClass mirrored(Instance object) {
        return object.getJavaClass() != null && object.getJavaClass().getName().equals("java.lang.Class")
                ? heap.getJavaClassByID(object.getInstanceId())
                : null;
    }

    /// Reads a field that holds an object. A class and its superclass may have a field of the same name: the one
    /// that is not null counts.
    static Optional<Instance> object(Instance owner, String field) {
        for (Object value : owner.getFieldValues()) {
            if (value instanceof ObjectFieldValue held
                    && held.getInstance() != null
                    && held.getField().getName().equals(field)) {
                return Optional.of(held.getInstance());
            }
        }
        return Optional.empty();
    }

    /// Reads a field that holds a string.
    static Optional<String> text(Instance owner, String field) {
        return object(owner, field).flatMap(HeapSnapshot::string);
    }

    private static Optional<String> string(Instance string) {
        if (!(string.getValueOfField("value") instanceof PrimitiveArrayInstance array)) {
            return Optional.empty();
        }
        List<?> values = array.getValues();
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Byte.parseByte(String.valueOf(values.get(i)));
        }
        boolean latin1 = String.valueOf(string.getValueOfField("coder")).equals("0");
        return Optional.of(new String(bytes, latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE));
    }

    /// Names a class; the number that a lambda's class has in one run of a process helps nobody.
    static String name(JavaClass type) {
        String name = type.getName();
        int number = name.indexOf("+0x");
        return number < 0 ? name : name.substring(0, number);
    }

    static boolean isA(Instance object, String className) {
        for (JavaClass type = object.getJavaClass(); type != null; type = type.getSuperClass()) {
            if (type.getName().equals(className)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the heap dump in " + directory + " could not be deleted", e);
        }
    }
}
