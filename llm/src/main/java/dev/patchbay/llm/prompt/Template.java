package dev.patchbay.llm.prompt;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A [Mustache](https://mustache.github.io/mustache.5.html) template. It sees maps and lists and nothing else of
/// Java, and takes no other file in. Any number of threads may fill it.
final class Template {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            .escapeHTML(false)
            .emptyStringIsFalse(true)
            .withCollector(new ValuesOnly())
            .withFormatter(Template::written)
            .withLoader(name -> {
                throw new IllegalArgumentException("takes in '" + name + "'; a prompt is one file");
            });

    private final String file;
    private final com.samskivert.mustache.Template template;

    private Template(String file, com.samskivert.mustache.Template template) {
        this.file = file;
        this.template = template;
    }

    /// Reads a template.
    ///
    /// @param fields the names of all fields that a request may have, at any depth
    /// @throws IllegalArgumentException if it cannot be read, or has a variable that is no field
    static Template read(String file, String text, Set<String> fields) {
        try {
            com.samskivert.mustache.Template template = COMPILER.compile(text);
            template.visit(new Variables(file, fields));
            return new Template(file, template);
        } catch (MustacheException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// Fills the template. An optional field that is absent must stand inside a section of its own name.
    ///
    /// @throws IllegalArgumentException if a variable is absent
    String fill(Map<?, ?> request) {
        try {
            return template.execute(request).strip();
        } catch (MustacheException e) {
            throw new IllegalArgumentException(
                    "%s: %s; a field that may be absent stands inside {{#name}}…{{/name}}"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static CharSequence written(Object value) {
        return value instanceof Map || value instanceof Collection
                ? MAPPER.writeValueAsString(value)
                : String.valueOf(value);
    }

    /// Refuses variables that no request has.
    private record Variables(String file, Set<String> fields) implements Mustache.Visitor {

        @Override
        public void visitText(String text) {}

        @Override
        public void visitVariable(String name) {
            require(name);
        }

        @Override
        public boolean visitInclude(String name) {
            throw new IllegalArgumentException(file + ": takes in '" + name + "'; a prompt is one file");
        }

        @Override
        public boolean visitSection(String name) {
            require(name);
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            require(name);
            return true;
        }

        private void require(String name) {
            if (name.equals(".") || name.equals("this") || name.startsWith("-")) {
                return;
            }
            for (String step : name.split("\\.")) {
                if (!fields.contains(step)) {
                    throw new IllegalArgumentException("%s: {{%s}} is no field of the request. Fields: %s"
                            .formatted(file, name, String.join(", ", new TreeSet<>(fields))));
                }
            }
        }
    }

    /// Fetches from maps and lists alone; the library's own collector would call methods of any object.
    private static final class ValuesOnly extends BasicCollector {

        @Override
        public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Map ? MAP_FETCHER : context instanceof List ? LIST_FETCHER : null;
        }

        @Override
        public @Nullable Iterator<?> toIterator(Object value) {
            return value instanceof Collection<?> items ? items.iterator() : null;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return java.util.Collections.synchronizedMap(new HashMap<>());
        }
    }
}
