package dev.patchbay.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Gives the value of a record component that is left out, so that it need not be sent or configured.
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Default {

    /// Gives the value as it would be written in YAML: `0.7`, `true`, `fast`, `[1, 2]`, `PT5S`.
    String value();
}
