package dev.patchbay.core.schema;

import dev.patchbay.api.Name;
import dev.patchbay.api.Secret;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.util.SimpleLookupCache;

/// Makes the object mapper of one module instance. It shares no cache with any other mapper: caches of a mapper
/// hold the module's classes, and would keep its class loader alive after the module is gone.
final class RecordMapper {

    private RecordMapper() {}

    static JsonMapper create(ClassLoader loader) {
        JsonFactory factory = JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
        SimpleModule secrets = new SimpleModule().addDeserializer(Secret.class, new SecretReader());
        return JsonMapper.builder(factory)
                .typeFactory(TypeFactory.createDefaultInstance()
                        .withCache(new SimpleLookupCache<>(16, 200))
                        .withClassLoader(loader))
                .annotationIntrospector(new Names())
                .addModule(secrets)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
    }

    /// Understands [Name] beside Jackson's own annotations.
    private static final class Names extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable PropertyName findNameForDeserialization(MapperConfig<?> config, Annotated annotated) {
            PropertyName name = named(annotated);
            return name == null ? super.findNameForDeserialization(config, annotated) : name;
        }

        @Override
        public @Nullable PropertyName findNameForSerialization(MapperConfig<?> config, Annotated annotated) {
            PropertyName name = named(annotated);
            return name == null ? super.findNameForSerialization(config, annotated) : name;
        }

        private static @Nullable PropertyName named(Annotated annotated) {
            // the annotation is on the record component; a member of a record knows its component by its name
            if (annotated instanceof AnnotatedMember member
                    && member.getDeclaringClass().isRecord()) {
                for (var component : member.getDeclaringClass().getRecordComponents()) {
                    Name name = component.getAnnotation(Name.class);
                    if (name != null && component.getName().equals(member.getName())) {
                        return PropertyName.construct(name.value());
                    }
                }
            }
            return null;
        }
    }
}
