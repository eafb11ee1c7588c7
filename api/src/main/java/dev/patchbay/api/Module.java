package dev.patchbay.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names a class as the module of one version of one task.
///
/// The annotation processor writes everything here, and the JSON Schemas of the module's records, to
/// `META-INF/patchbay/module.json`, so that a gateway knows an artifact without loading a class from it.
/// An artifact holds exactly one class with this annotation. The class is public, implements
/// [InferenceModule] (or [BatchModule], [StreamingModule]) with concrete record types, and has a public
/// constructor without parameters.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.SOURCE)
public @interface Module {

    /// Names the task: lower-case letters, digits and `_`, starting with a letter, at most 63 characters.
    String task();

    /// Gives the version of the module in [SemVer 2.0.0](https://semver.org) form, such as `3.1.0`.
    String version();

    /// Names the team that owns the task and is asked when it misbehaves.
    String owner();

    /// Says in a sentence what the module answers.
    String description() default "";

    /// Classes the harm a wrong answer can do.
    Risk risk() default Risk.LIMITED;

    /// Adds free labels of the form `key=value`.
    String[] labels() default {};

    /// Chooses the threads that run the module.
    Lane lane() default Lane.COMPUTE;

    /// Promises that equal requests get equal answers as long as version and config stay the same.
    boolean deterministic() default false;

    /// Names the record that the module's settings are bound to; without one the module takes no settings.
    Class<? extends Record> config() default NoConfig.class;

    /// Stands for "takes no settings".
    record NoConfig() {}
}
