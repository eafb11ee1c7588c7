package dev.patchbay.core.leak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.ArrayItemValue;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.Value;

/// Walks references backwards from a class loader, breadth first, until it meets something that lives by itself:
/// a thread, a static field of the JDK or the gateway, native code. What is met first is nearest to the module, and
/// so is what its author recognizes. A loader is held by its classes, and a class by its objects.
final class HolderSearch {

    /// Enough to see that there are several holders, which are to be let go one by one.
    private static final int ENOUGH = 3;

    private static final int MOST_VISITED = 300_000;
    private static final String REFERENT = "referent";

    /// One reference: the object that holds, and by which field. The last one of a path holds nothing.
    record Step(Instance object, @Nullable Value by) {}

    private record Link(Step step, long next) {}

    private final HeapSnapshot snapshot;
    private final boolean throughSoft;
    private final Map<Long, Link> links = new HashMap<>();
    private final ArrayDeque<Instance> queue = new ArrayDeque<>();

    /// @param throughSoft whether soft references hold
    HolderSearch(HeapSnapshot snapshot, boolean throughSoft) {
        this.snapshot = snapshot;
        this.throughSoft = throughSoft;
    }

    /// Finds up to three ways from a root to the loader, the shortest first.
    List<List<Step>> search(Instance loader) {
        List<List<Step>> found = new ArrayList<>();
        List<List<Step>> classValues = new ArrayList<>();
        Set<Long> roots = new HashSet<>();
        links.put(loader.getInstanceId(), new Link(new Step(loader, null), 0));
        queue.add(loader);
        while (!queue.isEmpty() && found.size() < ENOUGH && links.size() < MOST_VISITED) {
            Instance object = queue.poll();
            if (isRoot(object)) {
                if (roots.add(object.getInstanceId())) {
                    found.add(path(object));
                }
                continue;
            }
            if (object.getJavaClass().getName().equals("java.lang.ClassValue$ClassValueMap")) {
                classValues.add(path(object));
            }
            heldBy(object);
        }
        // a dump does not show which class has the map; that it is there at all means that a living class has it
        return found.isEmpty() ? classValues : found;
    }

    private boolean isRoot(Instance object) {
        JavaClass mirrored = snapshot.mirrored(object);
        if (mirrored != null) {
            return livesForever(mirrored);
        }
        return snapshot.heap().getGCRoot(object) != null;
    }

    /// Classes of the JDK and of the gateway are never unloaded, whatever holds them.
    private static boolean livesForever(JavaClass type) {
        Instance loader = type.getClassLoader();
        return loader == null || loader.getJavaClass().getName().startsWith("jdk.internal.loader.ClassLoaders$");
    }

    private void heldBy(Instance object) {
        for (Object reference : object.getReferences()) {
            Value value = (Value) reference;
            if (holds(value)) {
                enter(value.getDefiningInstance(), value, object);
            }
        }
        for (JavaClass type : snapshot.definedBy(object)) {
            enter(snapshot.heap().getInstanceByID(type.getJavaClassId()), null, object);
        }
        JavaClass mirrored = snapshot.mirrored(object);
        if (mirrored != null) {
            for (Instance instance : HeapSnapshot.instances(mirrored)) {
                enter(instance, null, object);
            }
        }
    }

    private void enter(@Nullable Instance holder, @Nullable Value by, Instance held) {
        if (holder != null
                && links.putIfAbsent(holder.getInstanceId(), new Link(new Step(holder, by), held.getInstanceId()))
                        == null) {
            queue.add(holder);
        }
    }

    private boolean holds(Value value) {
        if (!(value instanceof FieldValue field) || !field.getField().getName().equals(REFERENT)) {
            return true;
        }
        Instance reference = value.getDefiningInstance();
        return !HeapSnapshot.isA(reference, "java.lang.ref.Reference")
                || throughSoft && HeapSnapshot.isA(reference, "java.lang.ref.SoftReference");
    }

    private List<Step> path(Instance root) {
        List<Step> path = new ArrayList<>();
        Link link = links.get(root.getInstanceId());
        while (link != null) {
            path.add(link.step());
            link = links.get(link.next());
        }
        return path;
    }

    /// Writes a step as a developer would.
    static String words(HeapSnapshot snapshot, Step step) {
        JavaClass mirrored = snapshot.mirrored(step.object());
        String owner = HeapSnapshot.name(mirrored == null ? step.object().getJavaClass() : mirrored);
        return switch (step.by()) {
            case FieldValue field -> owner + "." + field.getField().getName();
            case ArrayItemValue item -> owner.replace("[]", "[" + item.getIndex() + "]");
            case null -> mirrored == null ? "an object of " + owner : "class " + owner;
            default -> owner;
        };
    }

    /// Gives the root that an object is, if it is one.
    static @Nullable GCRoot root(HeapSnapshot snapshot, Instance object) {
        return snapshot.heap().getGCRoot(object);
    }
}
