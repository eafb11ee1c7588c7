package dev.patchbay.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs the module of this project in a gateway while the tests of the class run. The module is loaded from its
/// artifact by a class loader of its own, as in production: the test does not touch its classes.
///
/// Tests, lifecycle methods and constructors take a [RunningModule] to ask, or the [ModuleSuite] or [TestGateway]
/// behind it, as parameters. A class that implements [ModuleChecks] runs all standard checks as well.
///
/// ```java
/// @ModuleTest
/// class GreetingTest implements ModuleChecks {
///     @Test
///     void greetsByName(RunningModule module) throws Exception {
///         Words words = module.predict(new Person("Ada"), Words.class);
///         assertThat(words.text()).isEqualTo("Hello, Ada");
///     }
/// }
/// ```
///
/// Paths are relative to the project's folder.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ModuleExtension.class)
public @interface ModuleTest {

    /// Names the artifact or the project to test; by default the project that the test class belongs to.
    String module() default "";

    /// Names a `patchbay.yaml` with the module's settings; by default it runs with its defaults.
    String config() default "";

    /// Names artifacts or projects that run beside it, for the tasks it asks.
    String[] with() default {};

    /// Names the artifact or project of the previous version, to compare the schemas with.
    String previous() default "";

    /// Says how often [ModuleChecks] loads and tears down the module to see whether anything is left of it; 20 will
    /// do, which takes a few seconds. By default it does not look.
    int leakRounds() default 0;
}
