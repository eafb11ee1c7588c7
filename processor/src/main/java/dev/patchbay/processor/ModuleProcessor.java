package dev.patchbay.processor;

import dev.patchbay.api.Module;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/// Writes `META-INF/patchbay/module.json` for the class with [Module]: who the module is, which classes it is
/// made of, and the schemas of its records. What could only fail when a gateway loads the module is refused here.
@SupportedAnnotationTypes("dev.patchbay.api.Module")
public final class ModuleProcessor extends AbstractProcessor {

    private static final String DESCRIPTOR = "META-INF/patchbay/module.json";
    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern SEMVER = Pattern.compile(
            "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_.-]{1,63}=.{1,200}");

    private @Nullable TypeElement written;

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (Element element : round.getElementsAnnotatedWith(Module.class)) {
            try {
                module((TypeElement) element);
            } catch (ModuleError error) {
                processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, error.getMessage(), error.place());
            }
        }
        return true;
    }

    private void module(TypeElement type) {
        if (written != null) {
            throw new ModuleError(
                    type,
                    "'%s' is this artifact's module already; an artifact has one. Put '%s' into an artifact of its own"
                            .formatted(written.getSimpleName(), type.getSimpleName()));
        }
        checkClass(type);
        Module module = type.getAnnotation(Module.class);
        if (!TASK.matcher(module.task()).matches()) {
            throw new ModuleError(
                    type,
                    "task '%s': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters"
                            .formatted(module.task()));
        }
        if (!SEMVER.matcher(module.version()).matches()) {
            throw new ModuleError(type, "version '%s' is no SemVer such as 1.0.0".formatted(module.version()));
        }
        if (module.owner().isBlank()) {
            throw new ModuleError(type, "owner is empty; name the team that is asked when the module misbehaves");
        }
        write(type, descriptor(type, module));
        written = type;
    }

    private static void checkClass(TypeElement type) {
        if (type.getKind() != ElementKind.CLASS || type.getModifiers().contains(Modifier.ABSTRACT)) {
            throw new ModuleError(
                    type,
                    "a module is a class that the gateway makes an object of; this is %s"
                            .formatted(type.getKind() == ElementKind.CLASS ? "abstract" : "no class"));
        }
        if (!type.getModifiers().contains(Modifier.PUBLIC)) {
            throw new ModuleError(type, "a module's class is public");
        }
        if (type.getNestingKind().isNested() && !type.getModifiers().contains(Modifier.STATIC)) {
            throw new ModuleError(type, "a module inside another class is static");
        }
        boolean constructor = ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
                .anyMatch(c -> c.getParameters().isEmpty() && c.getModifiers().contains(Modifier.PUBLIC));
        if (!constructor) {
            throw new ModuleError(
                    type, "a module has a public constructor without parameters; take what it needs in load");
        }
    }

    private Map<String, Object> descriptor(TypeElement type, Module module) {
        String kind = "unary";
        List<? extends TypeMirror> arguments = arguments(type, "dev.patchbay.api.StreamingModule");
        if (arguments != null) {
            kind = "stream";
        } else {
            arguments = arguments(type, "dev.patchbay.api.BatchModule");
            if (arguments != null) {
                kind = "batch";
            } else {
                arguments = arguments(type, "dev.patchbay.api.InferenceModule");
            }
        }
        if (arguments == null) {
            throw new ModuleError(type, "a module implements InferenceModule, BatchModule or StreamingModule");
        }

        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("descriptor", 1);
        descriptor.put("api", "0.1");
        descriptor.put("task", module.task());
        descriptor.put("version", module.version());
        descriptor.put("owner", module.owner());
        descriptor.put("description", module.description());
        descriptor.put("risk", lower(module.risk()));
        descriptor.put("labels", labels(type, module));
        descriptor.put("lane", lower(module.lane()));
        descriptor.put("deterministic", module.deterministic());
        descriptor.put("kind", kind);
        descriptor.put("class", binaryName(type));
        descriptor.put("request", shape(arguments.getFirst(), "request", type));
        if (kind.equals("stream")) {
            descriptor.put("part", shape(arguments.get(1), "part", type));
        }
        descriptor.put("response", shape(arguments.getLast(), "response", type));
        TypeMirror config = configType(type);
        if (config != null) {
            descriptor.put("config", shape(config, "config", type));
        }
        return descriptor;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> labels(TypeElement type, Module module) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : module.labels()) {
            if (!LABEL.matcher(label).matches()) {
                throw new ModuleError(type, "label '" + label + "' is not of the form key=value");
            }
            int equals = label.indexOf('=');
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return labels;
    }

    private Map<String, Object> shape(TypeMirror type, String role, TypeElement module) {
        if (type.getKind() == TypeKind.ERROR) {
            // the compiler says what is wrong with it, better than we could
            return Map.of();
        }
        if (!(type instanceof DeclaredType declared)
                || !(declared.asElement() instanceof TypeElement element)
                || element.getKind() != ElementKind.RECORD) {
            throw new ModuleError(module, "the " + role + " type is '" + type + "'; it must be a record");
        }
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("type", binaryName(element));
        shape.put("schema", SchemaBuilder.schema(processingEnv, element, role.equals("config")));
        return shape;
    }

    private String binaryName(TypeElement type) {
        return processingEnv.getElementUtils().getBinaryName(type).toString();
    }

    /// Finds the type arguments that a class gives to an interface, however far up it implements it.
    private @Nullable List<? extends TypeMirror> arguments(TypeElement type, String wanted) {
        List<TypeMirror> open = new ArrayList<>(List.of(type.asType()));
        while (!open.isEmpty()) {
            TypeMirror next = open.removeFirst();
            if (next instanceof DeclaredType declared
                    && ((TypeElement) declared.asElement()).getQualifiedName().contentEquals(wanted)) {
                if (declared.getTypeArguments().isEmpty()) {
                    throw new ModuleError(
                            type, wanted.substring(wanted.lastIndexOf('.') + 1) + " needs its type arguments");
                }
                return declared.getTypeArguments();
            }
            open.addAll(processingEnv.getTypeUtils().directSupertypes(next));
        }
        return null;
    }

    private static @Nullable TypeMirror configType(TypeElement type) {
        for (AnnotationMirror mirror : type.getAnnotationMirrors()) {
            if (!mirror.getAnnotationType().toString().equals(Module.class.getName())) {
                continue;
            }
            for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> value :
                    mirror.getElementValues().entrySet()) {
                if (value.getKey().getSimpleName().contentEquals("config")) {
                    return (TypeMirror) value.getValue().getValue();
                }
            }
        }
        return null;
    }

    private void write(TypeElement type, Map<String, Object> descriptor) {
        try (Writer writer = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", DESCRIPTOR, type)
                .openWriter()) {
            writer.write(Json.write(descriptor));
        } catch (IOException e) {
            throw new ModuleError(type, DESCRIPTOR + " cannot be written: " + e.getMessage());
        }
    }
}
