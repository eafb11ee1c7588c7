package dev.patchbay.core.leak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;

/// Names the holders of retired loaders by one look at the heap.
final class Holders {

    private Holders() {}

    /// @param directory where the heap is written to meanwhile
    /// @param tickets of the loaders to explain
    static Map<String, List<Holder>> find(Path directory, Collection<Long> tickets) {
        Map<String, List<Holder>> found = new LinkedHashMap<>();
        if (tickets.isEmpty()) {
            return found;
        }
        try (HeapSnapshot snapshot = new HeapSnapshot(directory)) {
            JavaClass type = snapshot.heap().getJavaClassByName(LeakWatch.RetiredLoader.class.getName());
            for (Instance retired : HeapSnapshot.instances(type)) {
                if (!tickets.contains(retired.getValueOfField("ticket"))) {
                    continue;
                }
                // the snapshot has living objects only: a loader that died since is not there
                HeapSnapshot.object(retired, "referent")
                        .ifPresent(loader ->
                                found.put(HeapSnapshot.text(retired, "name").orElse("?"), holders(snapshot, loader)));
            }
        }
        return found;
    }

    private static List<Holder> holders(HeapSnapshot snapshot, Instance loader) {
        List<Holder> holders = describe(snapshot, loader, false);
        return holders.isEmpty() ? describe(snapshot, loader, true) : holders;
    }

    private static List<Holder> describe(HeapSnapshot snapshot, Instance loader, boolean throughSoft) {
        HolderWords words = new HolderWords(snapshot, loader, throughSoft);
        List<Holder> holders = new ArrayList<>();
        for (List<HolderSearch.Step> path : new HolderSearch(snapshot, throughSoft).search(loader)) {
            Holder holder = words.describe(path);
            if (holders.stream().noneMatch(other -> other.words().equals(holder.words()))) {
                holders.add(holder);
            }
        }
        return holders;
    }
}
