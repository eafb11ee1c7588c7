package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every artifact that is no good is one failed entry with its cause; a good one beside it goes on serving.
class BadArtifactTest {

    private static final String SHARED = "shared: dev.patchbay.api., org.slf4j., org.jspecify.annotations.,"
            + " jakarta.validation., com.fasterxml.jackson.annotation.";

    @TempDir
    Path directory;

    private Path folder;
    private ModuleCompiler compiler;
    private LiveCore core;

    @BeforeEach
    void aGoodModuleServes() throws Exception {
        folder = Files.createDirectory(directory.resolve("modules"));
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
        assertThat(LiveCore.line(core.deploy(compiler.jar(folder, SmallModule.of("good", "1.0.0")))
                        .state()))
                .isEqualTo("ready");
        core.configure("inference: {good: {default_version: 1.0.0}}");
    }

    @AfterEach
    void theGoodModuleStillServes() throws Exception {
        assertThat(LiveCore.said(core.call("good", "{\"x\": 2}"))).isEqualTo("{\"y\":2.0}");
        core.close();
    }

    private String fate(Path artifact) throws InterruptedException {
        String fate = LiveCore.line(core.deploy(artifact).state());
        assertThat(core.lines()).as("one entry more").hasSize(2);
        if (fate.startsWith("failed in ")) {
            String cause = fate.substring(fate.indexOf(": ") + 2);
            assertThat(core.events.since(0))
                    .filteredOn(event -> event.kind().equals("deployment-failed"))
                    .as("an operator is told")
                    .singleElement()
                    .satisfies(event -> assertThat(event.message()).contains(cause));
        }
        return fate;
    }

    private String fate(SmallModule module) throws InterruptedException {
        return fate(compiler.folder(folder, module));
    }

    private static SmallModule bad() {
        return SmallModule.of("bad", "1.0.0");
    }

    @Test
    void aTruncatedJar() throws Exception {
        Path jar = compiler.jar(folder, bad());
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(fate(jar))
                .isEqualTo("failed in read: bad-1.0.0.jar is no complete jar or zip (zip END header not found)."
                        + " If it is still being copied, it is read again when it has grown;"
                        + " copy under another name and rename to avoid this");
    }

    @Test
    void aFileThatIsNoJar() throws Exception {
        Path jar = Files.writeString(folder.resolve("notes.jar"), "dear diary");
        assertThat(fate(jar))
                .isEqualTo("failed in read: notes.jar is no complete jar or zip (zip END header not found)."
                        + " If it is still being copied, it is read again when it has grown;"
                        + " copy under another name and rename to avoid this");
    }

    @Test
    void anEmptyFile() throws Exception {
        assertThat(fate(Files.createFile(folder.resolve("empty.jar"))))
                .isEqualTo("failed in read: empty.jar is no complete jar or zip (zip file is empty)."
                        + " If it is still being copied, it is read again when it has grown;"
                        + " copy under another name and rename to avoid this");
    }

    @Test
    void aClassForANewerJava() throws Exception {
        Path module = compiler.folder(folder, bad());
        Path file = module.resolve("Small.class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[7] = 99; // the major version
        Files.write(file, bytes);
        assertThat(fate(module))
                .isEqualTo("failed in load: it was compiled for Java 55, but this gateway runs Java 25:"
                        + " compile with --release 25");
    }

    @Test
    void aDamagedClass() throws Exception {
        Path module = compiler.folder(folder, bad());
        Path file = module.resolve("Small.class");
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 300));
        assertThat(fate(module)).isEqualTo("failed in load: a class file is damaged: Truncated class file");
    }

    @Test
    void aClassThatIsMissing() throws Exception {
        Path module = compiler.folder(folder, bad());
        Files.delete(module.resolve("Small.class"));
        assertThat(fate(module))
                .isEqualTo(
                        "failed in load: it needs Small, which is neither in the artifact nor shared by the gateway ("
                                + SHARED + "). Put the library into the artifact's lib folder");
    }

    @Test
    void aLibraryThatIsMissing() throws Exception {
        Path module = compiler.folder(
                folder,
                bad().with("static class Library { static void use() {} }"
                        + " public void load(ModuleContext context) { Library.use(); }"));
        Files.delete(module.resolve("Small$Library.class"));
        assertThat(fate(module))
                .isEqualTo(
                        "failed in load: it needs Small$Library, which is neither in the artifact nor shared by the gateway ("
                                + SHARED + "). Put the library into the artifact's lib folder");
    }

    @Test
    void aClassOfTheGatewayIsHidden() throws Exception {
        assertThat(fate(bad().loading("Class.forName(\"dev.patchbay.core.Gateway\");")))
                .isEqualTo("failed in load: it needs dev.patchbay.core.Gateway, which is neither in the artifact nor"
                        + " shared by the gateway (" + SHARED + "). Put the library into the artifact's lib folder");
    }

    @Test
    void noDescriptor() throws Exception {
        Path module = compiler.folder(folder, bad());
        Files.delete(module.resolve("META-INF/patchbay/module.json"));
        assertThat(fate(module))
                .isEqualTo(
                        "failed in read: it has classes but no META-INF/patchbay/module.json: it was compiled without"
                                + " the annotation processor (patchbay-processor on the processor path), or no class has @Module");
    }

    @Test
    void nothingInTheFolder() throws Exception {
        Path module = Files.createDirectory(folder.resolve("void"));
        Files.writeString(module.resolve("README"), "later");
        assertThat(fate(module))
                .isEqualTo("failed in read: it has neither META-INF/patchbay/module.json nor module.yaml,"
                        + " so it is no module");
    }

    @Test
    void aDescriptorOfALaterFormat() throws Exception {
        Path module = compiler.folder(folder, bad());
        Path descriptor = module.resolve("META-INF/patchbay/module.json");
        Files.writeString(
                descriptor, Files.readString(descriptor).replaceFirst("\"descriptor\":\\s*1", "\"descriptor\":2"));
        assertThat(fate(module))
                .isEqualTo("failed in read: it was built for descriptor format 2 and api 0.1;"
                        + " this gateway takes 1 and 0.1. Build it again with the matching patchbay-api");
    }

    @Test
    void aDescriptorThatIsNoJson() throws Exception {
        Path module = compiler.folder(folder, bad());
        Files.writeString(module.resolve("META-INF/patchbay/module.json"), "{\"descriptor\": ");
        assertThat(fate(module))
                .isEqualTo("failed in read: META-INF/patchbay/module.json is no JSON:"
                        + " Unexpected end-of-input within/between Object entries (line 1, column 16)");
    }

    @Test
    void aConstructorThatThrows() throws Exception {
        assertThat(fate(bad().with("public Small() { throw new IllegalStateException(\"no licence\"); }")))
                .isEqualTo("failed in load: java.lang.IllegalStateException: no licence (at Small.<init>:11)");
    }

    @Test
    void aStaticInitializerThatThrows() throws Exception {
        assertThat(fate(bad().with("static final int N = Integer.parseInt(\"ten\");")))
                .isEqualTo("failed in load: java.lang.NumberFormatException: For input string: \"ten\""
                        + " (at Small.<clinit>:11)");
    }

    @Test
    void aLoadThatThrows() throws Exception {
        assertThat(fate(bad().loading("throw new java.io.IOException(\"weights.bin: no such file\");")))
                .isEqualTo("failed in load: java.io.IOException: weights.bin: no such file (at Small.load:11)");
    }

    @Test
    void aWarmupThatThrows() throws Exception {
        assertThat(fate(bad().predicting("if (true) throw new ArithmeticException(\"/ by zero\");")
                        .withExample()))
                .isEqualTo("failed in warmup: java.lang.ArithmeticException: / by zero (at Small.predict:11)");
    }

    @Test
    void anExampleThatIsNoRequest() throws Exception {
        assertThat(fate(bad().with("examples/one.json", "{\"z\": 1}")))
                .isEqualTo("failed in warmup: example one.json: The request does not fit the task's schema:"
                        + " /z is no field here. Did you mean 'x'?; /x is missing");
    }

    @Test
    void aLoadThatHangs() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {limits: {load: 300ms}}}");
        assertThat(fate(bad().with("""
                public void load(ModuleContext context) throws Exception { waitForGodot(); }
                static void waitForGodot() throws Exception { new CountDownLatch(1).await(); }""")))
                .isEqualTo("failed in load: load did not return within 300 ms; it is at Small.waitForGodot:12."
                        + " Raise inference.bad.limits.load if it needs longer");
    }

    @Test
    void aConstructorThatHangsAndIgnoresInterrupts() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {limits: {load: 300ms}}}");
        assertThat(fate(bad().with("""
                static volatile boolean stop;
                public Small() { while (!stop) { sleep(); } }
                static void sleep() { java.util.concurrent.locks.LockSupport.parkNanos(10_000_000); }""")))
                .startsWith("failed in load: load did not return within 300 ms; it is at Small.")
                .endsWith(". Raise inference.bad.limits.load if it needs longer");
    }

    @Test
    void aWarmupThatHangs() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {limits: {load: 300ms}}}");
        assertThat(fate(bad().predicting("new CountDownLatch(1).await();").withExample()))
                .isEqualTo("failed in warmup: warmup did not return within 300 ms; it is at Small.predict:11."
                        + " Raise inference.bad.limits.load if it needs longer");
    }

    @Test
    void aLoadThatEatsMemory() throws Exception {
        assertThat(fate(bad().loading(
                                "List<byte[]> all = new ArrayList<>(); while (true) all.add(new byte[64 << 20]);")))
                .isEqualTo("failed in load: it ran out of memory (Java heap space); give the gateway more"
                        + " (-Xmx, -XX:MaxMetaspaceSize) or the module less to hold");
    }

    @Test
    void aLoadThatCallsItselfWithoutEnd() throws Exception {
        assertThat(fate(bad().with("""
                public void load(ModuleContext context) { deeper(1); }
                static int deeper(int n) { return deeper(n + 1) + 1; }""")))
                .isEqualTo("failed in load: it called itself without end (StackOverflowError at Small.deeper:12)");
    }

    @Test
    void aSettingOfTheWrongType() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {config: {threshold: high}}}");
        assertThat(fate(configurable()))
                .isEqualTo("failed in load: inference.bad.config.threshold must be a number, but is the text 'high'");
    }

    @Test
    void aSettingOutOfItsBounds() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {config: {threshold: 7}}}");
        assertThat(fate(configurable()))
                .isEqualTo("failed in load: inference.bad.config.threshold must be at most 1, but is 7");
    }

    @Test
    void aSettingThatNobodyKnows() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {config: {treshold: 0.5}}}");
        assertThat(fate(configurable()))
                .isEqualTo("failed in load: inference.bad.config.treshold is no field here. Did you mean 'threshold'?");
    }

    @Test
    void aSettingForAModuleThatTakesNone() throws Exception {
        core.configure("inference: {good: {default_version: 1.0.0}, bad: {config: {threshold: 0.5}}}");
        assertThat(fate(bad())).isEqualTo("failed in load: inference.bad.config: bad@1.0.0 takes no settings");
    }

    private static SmallModule configurable() {
        return bad().annotated("config = Small.Settings.class")
                .with(
                        "public record Settings(@Default(\"0.7\") @jakarta.validation.constraints.Max(1) double threshold) {}");
    }

    @Test
    void aModuleThatIsNone() throws Exception {
        Path module = compiler.folder(folder, bad());
        Path descriptor = module.resolve("META-INF/patchbay/module.json");
        Files.writeString(
                descriptor,
                Files.readString(descriptor).replaceFirst("\"class\":\\s*\"Small\"", "\"class\":\"Small\\$Answer\""));
        assertThat(fate(module)).isEqualTo("failed in load: Small$Answer is no InferenceModule");
    }

    @Test
    void aNameThatLeadsOutOfTheArtifact() throws Exception {
        Path jar = zip(folder.resolve("slip.jar"), "../../escaped.txt");
        assertThat(fate(jar)).isEqualTo("failed in read: the entry '../../escaped.txt' leads out of the artifact");
        assertThat(directory.resolve("escaped.txt")).doesNotExist();
    }

    @Test
    void anAbsoluteName() throws Exception {
        assertThat(fate(zip(folder.resolve("absolute.zip"), "/etc/escaped")))
                .isEqualTo("failed in read: the entry '/etc/escaped' leads out of the artifact");
    }

    @Test
    void aLinkInTheFolder() throws Exception {
        Path module = compiler.folder(folder, bad());
        Files.createSymbolicLink(module.resolve("weights.bin"), Path.of("/etc/hostname"));
        assertThat(fate(module))
                .isEqualTo("failed in read: weights.bin is a symbolic link; an artifact holds its files itself");
    }

    @Test
    void aLinkedFolderInTheFolder() throws Exception {
        Path module = compiler.folder(folder, bad());
        Files.createSymbolicLink(module.resolve("weights"), Path.of("/etc"));
        assertThat(fate(module))
                .isEqualTo("failed in read: weights is a symbolic link; an artifact holds its files itself");
    }

    private static Path zip(Path target, String entry) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(1);
        }
        return target;
    }
}
