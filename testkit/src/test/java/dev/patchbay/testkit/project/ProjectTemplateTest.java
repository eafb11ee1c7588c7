package dev.patchbay.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectTemplateTest {

    @TempDir
    private Path home;

    @Test
    void aNewProjectPassesItsTestsAsItIs() throws Exception {
        Path project = home.resolve("ticket_priority");
        new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1.2.3").write(project);

        try (ModuleSuite suite = ModuleSuite.start(TestPlan.of(project))) {
            TestReport report = suite.run(suite.all(), result -> {});

            assertThat(report.subject()).isEqualTo("ticket_priority@1.0.0");
            assertThat(report.isPassed()).isTrue();
            assertThat(report.of(Check.Kind.GOLDEN)).hasSize(6);
        }
    }

    @Test
    void nothingOfTheTemplateIsLeftUnfilled() throws Exception {
        ProjectTemplate template = new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1.2.3");
        for (Path file : template.write(home.resolve("project"))) {
            assertThat(Files.readString(home.resolve("project").resolve(file)))
                    .as(file.toString())
                    .doesNotContain("{{");
        }
        assertThat(home.resolve("project/src/main/java/com/example/tickets/TicketPriority.java"))
                .exists();
        assertThat(home.resolve("project/pom.xml")).content().contains("<patchbay.version>1.2.3</patchbay.version>");
    }

    @Test
    void aFolderWithSomethingInItIsLeftAlone() throws Exception {
        Files.writeString(home.resolve("mine.txt"), "mine");
        ProjectTemplate template = new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1.2.3");

        assertThatThrownBy(() -> template.write(home))
                .hasMessage(
                        home + " is there already and not empty; nothing was written. Name another folder with --dir");
        assertThat(home).isDirectoryContaining(file -> file.endsWith("mine.txt"));
    }

    @Test
    void aNameThatNoTaskCanHaveIsRefused() {
        assertThatThrownBy(() -> new ProjectTemplate("Ticket-Priority", "com.example", "support", "1.2.3"))
                .hasMessage(
                        "task 'Ticket-Priority': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters, such as ticket_priority");
    }
}
