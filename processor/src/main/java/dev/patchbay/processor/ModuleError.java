package dev.patchbay.processor;

import javax.lang.model.element.Element;

/// What keeps a class from being a module, said at the place that must change.
final class ModuleError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Element place;

    ModuleError(Element place, String message) {
        super(message);
        this.place = place;
    }

    Element place() {
        return place;
    }
}
