package dev.patchbay.runtime.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// JSON with places for parts of another JSON. A text that begins with `$` is such a place: `$/customer/id` stands for
/// what the [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) `/customer/id` finds, `$` for all of it; `$$` at the
/// beginning is a `$`. Where nothing is found, a field is left out and an element of a list is null.
sealed interface Template {

    /// Stands for nothing, which is not the same as null.
    Object MISSING = new Object();

    /// Fills the template.
    ///
    /// @return [#MISSING] if it is a place and nothing is found
    @Nullable
    Object fill(@Nullable Object from);

    /// Shows every pointer to somebody.
    void pointers(Consumer<Pointer> seen);

    /// Reads a template.
    ///
    /// @throws IllegalArgumentException if a text begins with `$` and is no place; the message follows a key
    static Template of(@Nullable Object json) {
        return switch (json) {
            case String text when text.startsWith("$$") -> new Literal(text.substring(1));
            case String text when text.startsWith("$") -> Pointer.of(text.substring(1));
            case Map<?, ?> map -> {
                Map<String, Template> fields = new LinkedHashMap<>();
                map.forEach((name, value) -> fields.put(String.valueOf(name), of(value)));
                yield new Fields(fields);
            }
            case List<?> list -> {
                List<Template> elements = new ArrayList<>();
                for (Object element : list) {
                    elements.add(of(element));
                }
                yield new Elements(elements);
            }
            case null, default -> new Literal(json);
        };
    }

    /// A value as it is.
    record Literal(@Nullable Object value) implements Template {

        @Override
        public @Nullable Object fill(@Nullable Object from) {
            return value;
        }

        @Override
        public void pointers(Consumer<Pointer> seen) {}
    }

    /// A place.
    ///
    /// @param text the JSON Pointer
    record Pointer(String text, List<String> steps) implements Template {

        static Pointer of(String pointer) {
            if (!pointer.isEmpty() && !pointer.startsWith("/")) {
                throw new IllegalArgumentException(
                        "'$%s' is no place; write $/field for a field of the request, $ for all of it, $$%s for the text itself"
                                .formatted(pointer, pointer));
            }
            List<String> steps = new ArrayList<>();
            if (!pointer.isEmpty()) {
                for (String step : pointer.substring(1).split("/", -1)) {
                    steps.add(step.replace("~1", "/").replace("~0", "~"));
                }
            }
            return new Pointer(pointer, List.copyOf(steps));
        }

        @Override
        public @Nullable Object fill(@Nullable Object from) {
            Object at = from;
            for (String step : steps) {
                at = switch (at) {
                    case Map<?, ?> map when map.containsKey(step) -> map.get(step);
                    case List<?> list
                    when step.matches("\\d{1,9}") && Integer.parseInt(step) < list.size() ->
                        list.get(Integer.parseInt(step));
                    case null, default -> MISSING;
                };
            }
            return at;
        }

        @Override
        public void pointers(Consumer<Pointer> seen) {
            seen.accept(this);
        }
    }

    /// An object.
    record Fields(Map<String, Template> fields) implements Template {

        @Override
        public Object fill(@Nullable Object from) {
            Map<String, @Nullable Object> filled = LinkedHashMap.newLinkedHashMap(fields.size());
            fields.forEach((name, template) -> {
                Object value = template.fill(from);
                if (value != MISSING) {
                    filled.put(name, value);
                }
            });
            return filled;
        }

        @Override
        public void pointers(Consumer<Pointer> seen) {
            fields.values().forEach(field -> field.pointers(seen));
        }
    }

    /// A list.
    record Elements(List<Template> elements) implements Template {

        @Override
        public Object fill(@Nullable Object from) {
            List<@Nullable Object> filled = new ArrayList<>(elements.size());
            for (Template element : elements) {
                Object value = element.fill(from);
                filled.add(value == MISSING ? null : value);
            }
            return filled;
        }

        @Override
        public void pointers(Consumer<Pointer> seen) {
            elements.forEach(element -> element.pointers(seen));
        }
    }
}
