package dev.patchbay.testkit.junit;

import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.load.LoadPlan;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.SearchOption;

/// Starts the module before the first test of a class and stops it after the last.
final class ModuleExtension implements BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ModuleExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        suite(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RunningModule.class || type == ModuleSuite.class || type == TestGateway.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ModuleSuite suite = suite(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == ModuleSuite.class) {
            return suite;
        }
        return type == TestGateway.class ? suite.gateway() : suite.module();
    }

    /// Nested classes find the suite of the class around them; JUnit closes it with that class.
    private static ModuleSuite suite(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(ModuleSuite.class, type -> start(context.getRequiredTestClass()), ModuleSuite.class);
    }

    private static ModuleSuite start(Class<?> testClass) {
        ModuleTest test = AnnotationSupport.findAnnotation(
                        testClass, ModuleTest.class, SearchOption.INCLUDE_ENCLOSING_CLASSES)
                .orElseThrow(() -> new ExtensionConfigurationException(testClass.getName() + " has no @ModuleTest"));
        Path home = home(testClass);
        Path module = home.resolve(test.module());
        try {
            return ModuleSuite.start(new TestPlan(
                    project(module),
                    test.config().isEmpty() ? "" : Files.readString(home.resolve(test.config())),
                    Arrays.stream(test.with())
                            .map(path -> project(home.resolve(path)).artifact())
                            .toList(),
                    List.of(),
                    test.previous().isEmpty()
                            ? null
                            : project(home.resolve(test.previous())).artifact(),
                    test.leakRounds(),
                    LoadPlan.USUAL));
        } catch (ModuleNotReady e) {
            throw new ExtensionConfigurationException("%s does not start: %s".formatted(module, e.getMessage()), e);
        } catch (IOException e) {
            throw new ExtensionConfigurationException(
                    "%s of @ModuleTest cannot be read: %s".formatted(home.resolve(test.config()), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExtensionConfigurationException("interrupted while the module was starting", e);
        }
    }

    private static ModuleProject project(Path given) {
        if (!Files.exists(given)) {
            throw new ExtensionConfigurationException(
                    "@ModuleTest names %s, but there is no such file or folder".formatted(given));
        }
        return ModuleProject.at(given);
    }

    /// Finds the folder of the project by where the test was compiled to, so that a test runs the same from a
    /// build and from an editor.
    private static Path home(Class<?> testClass) {
        Path place;
        try {
            place = Path.of(testClass
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new ExtensionConfigurationException("where " + testClass + " is from cannot be told", e);
        }
        for (Path folder = place; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("src"))) {
                return folder;
            }
        }
        return Path.of("").toAbsolutePath();
    }
}
