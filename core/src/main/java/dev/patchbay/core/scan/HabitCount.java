package dev.patchbay.core.scan;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The habits of one jar, or of a module's own classes.
final class HabitCount {

    private static final String THREAD_LOCAL = "java/lang/ThreadLocal";

    private final Calls calls;
    private final @Nullable String library;
    private final Map<Habit, String> places = new EnumMap<>(Habit.class);
    private final Map<Habit, Integer> classes = new EnumMap<>(Habit.class);
    private boolean removesThreadLocals;

    HabitCount(Calls calls, @Nullable String library) {
        this.calls = calls;
        this.library = library;
    }

    void seen(Habit habit, String place) {
        places.putIfAbsent(habit, place);
        classes.merge(habit, 1, Integer::sum);
    }

    /// Looks at a class. The constant pool tells which methods it calls; only a class with a habit is read whole.
    void look(byte[] classFile) {
        try {
            look(ClassFile.of().parse(classFile));
        } catch (IllegalArgumentException e) {
            // a damaged class is refused when it is loaded, with a better message
        }
    }

    private void look(ClassModel type) {
        Set<Habit> habits = EnumSet.noneOf(Habit.class);
        for (PoolEntry entry : type.constantPool()) {
            if (entry instanceof MemberRefEntry member) {
                String owner = member.owner().asInternalName();
                String name = member.name().stringValue();
                habits.addAll(calls.of(owner, name));
                removesThreadLocals |= owner.equals(THREAD_LOCAL) && name.equals("remove");
            }
        }
        String name = type.thisClass().asInternalName().replace('/', '.');
        type.superclass()
                .map(parent -> calls.ofSuperclass(parent.asInternalName()))
                .ifPresent(shown -> shown.forEach(habit -> {
                    habits.remove(habit);
                    seen(habit, name);
                }));
        for (MethodModel method : type.methods()) {
            if (method.flags().has(AccessFlag.NATIVE)) {
                habits.remove(Habit.NATIVE);
                seen(Habit.NATIVE, name + "." + method.methodName().stringValue());
                break;
            }
        }
        for (Habit habit : habits) {
            seen(habit, name + "." + method(type, habit));
        }
    }

    private String method(ClassModel type, Habit habit) {
        for (MethodModel method : type.methods()) {
            boolean calling = method.code()
                    .map(code -> code.elementStream()
                            .anyMatch(element -> element instanceof InvokeInstruction call
                                    && calls.of(
                                                    call.owner().asInternalName(),
                                                    call.name().stringValue())
                                            .contains(habit)))
                    .orElse(false);
            if (calling) {
                return method.methodName().stringValue();
            }
        }
        return "a method reference";
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        places.forEach((habit, place) -> {
            if (habit != Habit.THREAD_LOCALS || !removesThreadLocals) {
                findings.add(new Finding(habit, library, place, classes.getOrDefault(habit, 1)));
            }
        });
        return findings;
    }
}
