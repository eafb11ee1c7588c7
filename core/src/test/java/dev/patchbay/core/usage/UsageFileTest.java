package dev.patchbay.core.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.registry.ModuleKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who used what is known after a restart, whatever happened to the file.
class UsageFileTest {

    private static final Instant MONDAY = Instant.parse("2026-03-02T09:00:00Z");
    private static final Outcome OK = new Outcome.Answer(new byte[0]);
    private static final ModuleKey OLD = new ModuleKey("score", "1.0.0");

    @TempDir
    Path data;

    private Path file() {
        return data.resolve("usage.json");
    }

    private static UsageBook book(Instant start) {
        return new UsageBook(Clock.fixed(start, ZoneOffset.UTC));
    }

    private static void call(UsageBook book, String version, String tenant) {
        book.finished(UsageBookTest.call(version, tenant, 10, OK, System.nanoTime()));
    }

    @Test
    void aRestartRemembersLastUseByVersionAndTenant() throws Exception {
        UsageBook monday = book(MONDAY);
        try (UsageFile kept = new UsageFile(file(), monday)) {
            assertThat(monday.report(OLD)).isEmpty();
            call(monday, "1.0.0", "acme");
            call(monday, "1.0.0", "globex");
        }
        UsageBook tuesday = book(MONDAY.plus(Duration.ofDays(1)));
        try (UsageFile kept = new UsageFile(file(), tuesday)) {
            UsageReport report = tuesday.report(OLD).orElseThrow();
            assertThat(tuesday.rememberedSince()).isEqualTo(MONDAY);
            assertThat(report.calls()).isZero();
            assertThat(report.hour().calls()).isZero();
            assertThat(report.lastUsed()).isBetween(MONDAY.minusSeconds(5), MONDAY);
            assertThat(report.tenants())
                    .extracting(UsageReport.Tenant::name)
                    .containsExactlyInAnyOrder("acme", "globex");
            call(tuesday, "1.0.0", "acme");
            report = tuesday.report(OLD).orElseThrow();
            assertThat(report.calls()).isOne();
            assertThat(report.lastUsed()).isAfter(MONDAY.plus(Duration.ofHours(23)));
            assertThat(report.tenants()).extracting(UsageReport.Tenant::name).containsExactly("acme", "globex");
            assertThat(report.tenants().getLast().lastUsed()).isBetween(MONDAY.minusSeconds(5), MONDAY);
        }
        UsageBook wednesday = book(MONDAY.plus(Duration.ofDays(2)));
        try (UsageFile kept = new UsageFile(file(), wednesday)) {
            assertThat(wednesday.report(OLD).orElseThrow().lastUsed()).isAfter(MONDAY.plus(Duration.ofHours(23)));
            assertThat(wednesday.rememberedSince()).isEqualTo(MONDAY);
        }
    }

    @Test
    void aVersionThatIsGoneIsRememberedForWhenItComesBack() {
        UsageBook book = book(MONDAY);
        call(book, "1.0.0", "acme");
        book.retain(Set.of());
        assertThat(book.report(OLD).orElseThrow().tenants())
                .extracting(UsageReport.Tenant::name)
                .containsExactly("acme");
        assertThat(book.pulse(OLD)).isEqualTo(UsagePulse.NONE);
    }

    @Test
    void aCrashWhileWritingLeavesTheFileBefore() throws Exception {
        UsageBook book = book(MONDAY);
        try (UsageFile kept = new UsageFile(file(), book)) {
            call(book, "1.0.0", "acme");
        }
        Files.writeString(data.resolve("usage.json.part"), "{\"since\":\"2026-0");
        UsageBook next = book(MONDAY);
        try (UsageFile kept = new UsageFile(file(), next)) {
            assertThat(next.report(OLD)).isPresent();
        }
        assertThat(data.resolve("usage.json.part")).doesNotExist();
    }

    @Test
    void aDamagedFileIsNoReasonNotToStart() throws Exception {
        for (String damaged :
                new String[] {"", "{", "[]", "{\"since\":\"yesterday\",\"versions\":[]}", "{\"since\":7}"}) {
            Files.writeString(file(), damaged);
            UsageBook book = book(MONDAY);
            try (UsageFile kept = new UsageFile(file(), book)) {
                assertThat(book.rememberedSince()).isEqualTo(MONDAY);
                call(book, "1.0.0", "acme");
            }
            assertThat(Files.readString(file())).contains("acme");
        }
    }

    @Test
    void aDiskThatCannotBeWrittenHarmsNobody() throws Exception {
        UsageBook book = book(MONDAY);
        try (UsageFile kept = new UsageFile(data.resolve("no/such/folder/usage.json"), book)) {
            call(book, "1.0.0", "acme");
        }
        assertThat(book.report(OLD)).isPresent();
    }

    @Test
    void nothingIsWrittenWhileNothingHappens() throws IOException, InterruptedException {
        UsageBook book = book(MONDAY);
        UsageFile kept = new UsageFile(file(), book);
        call(book, "1.0.0", "acme");
        kept.write();
        Files.delete(file());
        kept.write();
        assertThat(file()).doesNotExist();
        call(book, "1.0.0", "acme");
        kept.close();
        assertThat(file()).exists();
    }

    @Test
    void memoryIsBoundedByVersionsAndByTenants() {
        UsageBook book = book(MONDAY);
        Map<ModuleKey, LastUse> many = new HashMap<>();
        for (int i = 0; i < UsageBook.REMEMBERED + 100; i++) {
            many.put(new ModuleKey("score", "1.0." + i), new LastUse(MONDAY.minusSeconds(i), Map.of()));
        }
        book.remember(MONDAY.minusSeconds(9_999), many);
        assertThat(book.lastUses()).hasSize(UsageBook.REMEMBERED).containsKey(OLD);
        Map<String, Instant> tenants = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            tenants.put("old-" + i, MONDAY.minusSeconds(100 + i));
        }
        LastUse use = new LastUse(MONDAY.minusSeconds(100), tenants);
        Map<String, Instant> others = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            others.put("new-" + i, MONDAY);
        }
        LastUse both = use.and(new LastUse(MONDAY, others));
        assertThat(both.tenants())
                .hasSize(VersionUsage.TENANTS)
                .containsKeys("new-79", "old-0")
                .doesNotContainKey("old-79");
        assertThat(both.at()).isEqualTo(MONDAY);
    }
}
