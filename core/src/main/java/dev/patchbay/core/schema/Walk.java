package dev.patchbay.core.schema;

import dev.patchbay.api.FieldError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a check stands in a document and what it found. The path is kept as it is walked and only written out
/// for an error.
final class Walk {

    private static final int MAXIMUM_ERRORS = 20;
    private static final int MAXIMUM_DEPTH = 512;

    private Object[] path = new Object[8];
    private int depth;
    private int found;
    private List<FieldError> errors = List.of();

    void enter(Object step) {
        if (depth == path.length) {
            path = Arrays.copyOf(path, depth * 2);
        }
        path[depth++] = step;
    }

    void leave() {
        depth--;
    }

    boolean tooDeep() {
        return depth > MAXIMUM_DEPTH;
    }

    void error(String message) {
        if (errors.isEmpty()) {
            errors = new ArrayList<>();
        }
        if (found++ < MAXIMUM_ERRORS) {
            errors.add(new FieldError(pointer(), message));
        }
    }

    void error(Object step, String message) {
        enter(step);
        error(message);
        leave();
    }

    int found() {
        return found;
    }

    /// Starts over at the same place, to try an alternative.
    Walk fork() {
        Walk fork = new Walk();
        fork.path = path.clone();
        fork.depth = depth;
        return fork;
    }

    void adopt(Walk fork) {
        for (FieldError error : fork.errors) {
            if (errors.isEmpty()) {
                errors = new ArrayList<>();
            }
            if (found++ < MAXIMUM_ERRORS) {
                errors.add(error);
            }
        }
    }

    List<FieldError> errors() {
        if (found > MAXIMUM_ERRORS) {
            List<FieldError> all = new ArrayList<>(errors);
            all.add(new FieldError("", "and " + (found - MAXIMUM_ERRORS) + " more"));
            return List.copyOf(all);
        }
        return List.copyOf(errors);
    }

    private String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            String step = path[i].toString();
            pointer.append('/')
                    .append(
                            step.indexOf('~') < 0 && step.indexOf('/') < 0
                                    ? step
                                    : step.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
