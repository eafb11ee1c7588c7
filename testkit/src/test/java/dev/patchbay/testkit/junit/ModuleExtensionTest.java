package dev.patchbay.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.InferenceException;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@ModuleTest(module = "src/test/modules/greeting")
final class ModuleExtensionTest implements ModuleChecks {

    record Person(String name) {}

    record Words(String text) {}

    @Test
    void aTestAsksTheModuleWithRecordsOfItsOwn(RunningModule module) throws Exception {
        assertThat(module.predict(new Person("Ada"), Words.class)).isEqualTo(new Words("Hello, Ada"));
    }

    @Test
    void aRefusalIsTheErrorACallerGets(RunningModule module) {
        assertThatThrownBy(() -> module.predict(new Person(" "), Words.class))
                .isInstanceOfSatisfying(
                        InferenceException.class,
                        error -> assertThat(error.fields())
                                .singleElement()
                                .satisfies(field -> assertThat(field.path()).isEqualTo("/name")));
    }

    @Test
    void theModuleIsLoadedByALoaderOfItsOwn(RunningModule module) {
        assertThat(module.loader()).isNotSameAs(getClass().getClassLoader());
        assertThat(module.loader().toString()).startsWith("greeting@1.0.0#");
    }

    @Nested
    final class Inside {

        @Test
        void theModuleIsTheSame(ModuleSuite suite, TestGateway gateway, RunningModule module) {
            assertThat(suite.gateway()).isSameAs(gateway);
            assertThat(suite.module()).isSameAs(module);
            assertThat(gateway.status()).hasSize(1);
        }
    }

    @ModuleTest(module = "src/test/modules/greeting", config = "src/test/modules/greeting/formal.yaml")
    static final class Formal {

        @Test
        void settingsComeFromTheConfig(RunningModule module) throws Exception {
            assertThat(module.predict(new Person("Ada"), Words.class)).isEqualTo(new Words("Good evening, Ada"));
        }
    }

    @ModuleTest(module = "src/test/modules/none")
    static final class Missing {

        @Test
        void neverRuns(RunningModule module) {
            assertThat(module).isNull();
        }
    }

    @ModuleTest(module = "src/test/modules/greeting", config = "src/test/modules/greeting/none.yaml")
    static final class WithoutConfig {

        @Test
        void neverRuns(RunningModule module) {
            assertThat(module).isNull();
        }
    }

    @Test
    void settingsAreTaken() {
        assertThat(run(Formal.class)).containsExactly("settingsComeFromTheConfig(RunningModule) SUCCESSFUL");
    }

    @Test
    void aModuleThatIsNotThereIsNamed() {
        assertThat(run(Missing.class))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("Missing FAILED: @ModuleTest names ")
                        .endsWith("src/test/modules/none, but there is no such file or folder"));
    }

    @Test
    void aConfigThatIsNotThereIsNamed() {
        assertThat(run(WithoutConfig.class))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("none.yaml of @ModuleTest cannot be read"));
    }

    private static List<String> run(Class<?> tests) {
        List<String> lines = new java.util.ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                String cause = result.getThrowable().map(Throwable::getMessage).stream()
                        .flatMap(message -> Stream.of(": " + message))
                        .findFirst()
                        .orElse("");
                if (test.isTest() || !cause.isEmpty()) {
                    lines.add(test.getDisplayName().replaceAll(".*\\$", "") + " " + result.getStatus() + cause);
                }
            }
        });
        return lines;
    }
}
