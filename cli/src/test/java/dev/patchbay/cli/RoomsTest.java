package dev.patchbay.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/// Who may import whom (docs/architecture.md).
class RoomsTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.patchbay");

    @Test
    void allRoomsAreSeen() {
        for (String room : new String[] {
            "dev.patchbay.api",
            "dev.patchbay.core",
            "dev.patchbay.runtime.onnx",
            "dev.patchbay.runtime.remote",
            "dev.patchbay.runtime.python",
            "dev.patchbay.llm",
            "dev.patchbay.server",
            "dev.patchbay.testkit",
            "dev.patchbay.cli"
        }) {
            assertThat(PRODUCT.containPackage(room)).as(room).isTrue();
        }
    }

    @Test
    void theApiNeedsTheJdkOnly() {
        onlyImports("dev.patchbay.api..", "java..", "javax.net.ssl..", "org.jspecify..", "dev.patchbay.api..");
    }

    @Test
    void theCoreKnowsNoNetworkAndNoEngine() {
        onlyImports(
                "dev.patchbay.core..",
                "java..",
                "javax.management..",
                "javax.net.ssl..",
                "com.sun.management..",
                "org.jspecify..",
                "org.slf4j..",
                "io.micrometer.core..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "org.snakeyaml.engine..",
                "com.github.benmanes.caffeine..",
                "io.github.bucket4j..",
                "org.HdrHistogram..",
                "org.netbeans.lib.profiler.heap..",
                "dev.patchbay.api..",
                "dev.patchbay.core..");
    }

    @Test
    void anEngineKnowsTheApiOnly() {
        onlyImports(
                "dev.patchbay.runtime.onnx..",
                "java..",
                "org.jspecify..",
                "org.slf4j..",
                "ai.onnxruntime..",
                "dev.patchbay.api..",
                "dev.patchbay.runtime.onnx..");
    }

    @Test
    void aRemoteModelIsAskedByTheApiAndTheProtocolsOnly() {
        onlyImports(
                "dev.patchbay.runtime.remote..",
                "java..",
                "javax.net.ssl..",
                "org.jspecify..",
                "tools.jackson..",
                "com.google.protobuf..",
                "com.google.common.util.concurrent..",
                "io.grpc..",
                "dev.patchbay.api..",
                "dev.patchbay.oip..",
                "dev.patchbay.runtime.remote..");
    }

    @Test
    void aPythonModuleIsRunByTheApiOnly() {
        onlyImports(
                "dev.patchbay.runtime.python..",
                "java..",
                "org.jspecify..",
                "tools.jackson..",
                "dev.patchbay.api..",
                "dev.patchbay.runtime.python..");
    }

    @Test
    void noRoomOfTheGatewayKnowsTheSdksOfOthers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.openfeature..", "software.amazon..")
                .check(PRODUCT);
    }

    @Test
    void promptsKnowTheApiAndTheirProvidersOnly() {
        onlyImports(
                "dev.patchbay.llm..",
                "java..",
                "javax.net.ssl..",
                "org.jspecify..",
                "tools.jackson..",
                "com.samskivert.mustache..",
                "org.apache.hc..",
                "dev.patchbay.api..",
                "dev.patchbay.llm..");
    }

    @Test
    void theTestKitRunsARealCoreAndNoNetwork() {
        onlyImports(
                "dev.patchbay.testkit..",
                "java..",
                "javax.tools..",
                "javax.xml.stream..",
                "com.sun.management..",
                "org.jspecify..",
                "org.slf4j..",
                "jakarta.validation..",
                "io.micrometer.core..",
                "tools.jackson..",
                "org.snakeyaml.engine..",
                "org.HdrHistogram..",
                "org.junit.jupiter.api..",
                "org.junit.platform..",
                "dev.patchbay.api..",
                "dev.patchbay.core..",
                "dev.patchbay.processor..",
                "com.google.protobuf..",
                "io.grpc..",
                "dev.patchbay.oip..",
                "dev.patchbay.testkit..");
    }

    @Test
    void jUnitIsForTestsInJUnitOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.patchbay.testkit..")
                .and()
                .resideOutsideOfPackage("dev.patchbay.testkit.junit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .check(PRODUCT);
    }

    @Test
    void theRoomsOfTheTestKitAreNoRing() {
        slices().matching("dev.patchbay.testkit.(*)..")
                .should()
                .beFreeOfCycles()
                .check(PRODUCT);
    }

    @Test
    void noTypeOfTheHttpServerIsSeenAboveItsAdapter() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("dev.patchbay.server.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..");
        rule.check(PRODUCT);
    }

    @Test
    void messagesOfGrpcStayInThePackagesOfTheirProtocol() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.patchbay.oip..",
                        "dev.patchbay.server.oip..",
                        "dev.patchbay.server.otlp..",
                        "dev.patchbay.runtime.remote..",
                        "dev.patchbay.testkit.conformance..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "dev.patchbay.oip..", "io.grpc..");
        rule.check(PRODUCT);
    }

    @Test
    void theCommandLineStartsTheServerByItsFrontDoor() {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("dev.patchbay.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.patchbay.server.http..", "dev.patchbay.server.admin..", "dev.patchbay.server.inference..");
        rule.check(PRODUCT);
    }

    @Test
    void theRoomsOfTheCoreAreNoRing() {
        slices().matching("dev.patchbay.core.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void nothingIsStaticAndChanges() {
        // all but the messages that the protobuf compiler writes
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(
                        "dev.patchbay.oip.v2..", "dev.patchbay.oip.health..", "dev.patchbay.oip.reflection..")
                .and()
                .areStatic()
                .should()
                .notBeFinal()
                .check(PRODUCT);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(PRODUCT);
    }

    @Test
    void aRuleThatIsBrokenIsReported() {
        ArchRule wrong = noClasses().should().haveSimpleName("Gateway");
        assertThatThrownBy(() -> wrong.check(PRODUCT)).hasMessageContaining("dev.patchbay.core.Gateway");
    }

    private static void onlyImports(String room, String... allowed) {
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(PRODUCT);
    }
}
