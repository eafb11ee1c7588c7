package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Modules in Python: what they take and give, and that whatever becomes of their processes costs the calls inside and
/// nothing else.
class PythonTest {

    private static final int SWAPS = Integer.getInteger("patchbay.python.swaps", 12);

    /// Says which process answered, and does what the request says.
    private static final String OBEDIENT = """
            import ctypes, os, sys, time
            class Obedient:
                def predict(self, request, call):
                    do = request.get("do", "")
                    if do == "sleep":
                        time.sleep(request["seconds"])
                    elif do == "hold":
                        ctypes.PyDLL(None).usleep(60000000)
                    elif do == "die":
                        os.kill(os.getpid(), 9)
                    elif do == "exit":
                        os._exit(3)
                    elif do == "raise":
                        raise ValueError("secret inner state")
                    elif do == "refuse":
                        from patchbay import Refused
                        raise Refused("is not for us", "/do")
                    elif do == "nan":
                        return {"pid": float("nan")}
                    elif do == "strange":
                        return {"pid": object()}
                    elif do == "huge":
                        return {"text": "x" * 100000}
                    elif do == "memory":
                        return {"pid": len(bytearray(1 << 30))}
                    elif do == "flood":
                        for i in range(5000):
                            print("line", i)
                        print("y" * 100000)
                    elif do == "environment":
                        return {"names": sorted(os.environ)}
                    return {"pid": os.getpid(), "left": call.remaining() > 0}
            """;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), "inference: {}").start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        await().untilAsserted(() -> assertThat(workers()).isEmpty());
    }

    private static List<Long> workers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-m patchbay "))
                .map(ProcessHandle::pid)
                .toList();
    }

    private void module(String task, String version, String source, String keys) throws Exception {
        Path made = Files.createDirectories(folder.resolve("made-" + task + "-" + version));
        Files.writeString(made.resolve("code.py"), source);
        String name = source.substring(source.lastIndexOf("class ") + 6).split("\\W")[0];
        Files.writeString(
                made.resolve("module.yaml"), """
                task: %s
                version: %s
                owner: tests
                python: {class: code.%s%s}
                """.formatted(task, version, name, keys.isEmpty() ? "" : ", " + keys));
        Files.move(made, gateway.module(task + "-" + version));
    }

    private JsonNode status(String source) throws Exception {
        for (JsonNode module : gateway.admin("modules").path("modules")) {
            if (module.path("source").asString("").endsWith(source)) {
                return module;
            }
        }
        return RunningGateway.JSON.createObjectNode();
    }

    private void ready(String source) {
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            JsonNode status = status(source);
            assertThat(status.path("state").asString("")).as(status.toString()).isNotEqualTo("failed");
            return status.path("state").asString("").equals("ready");
        });
    }

    private HttpResponse<String> ask(String task, String body, String... headers) throws Exception {
        return gateway.post("/v1/inference/" + task + "/versions/1.0.0", body, headers);
    }

    private static long pid(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningGateway.JSON.readTree(answer.body()).path("pid").asLong();
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void typeHintsAreTheSchemaAndMakeTheRequest() throws Exception {
        module("typed", "1.0.0", """
                from dataclasses import dataclass, field
                from enum import Enum
                from typing import Annotated, List, Optional

                class Kind(Enum):
                    CAT = "cat"
                    DOG = "dog"

                @dataclass
                class Toy:
                    price: float

                @dataclass
                class Pet:
                    name: str
                    kind: Kind
                    age: int = 0
                    toys: List[Toy] = field(default_factory=list)
                    vet: Optional[str] = None

                @dataclass
                class Answer:
                    text: str
                    kind: Kind
                    worth: float
                    vet: Optional[str]

                class Pets:
                    task_name = "typed"
                    def version(self): return "1.0.0"
                    def load(self, context): self.word = context.config["word"]
                    def predict(self, pet: Pet) -> Answer:
                        return Answer(self.word + pet.name, pet.kind, sum(toy.price for toy in pet.toys), pet.vet)
                """, "config: {word: 'Hi '}");
        ready("typed-1.0.0");
        assertThat(ask("typed", "{\"name\": \"Mia\", \"kind\": \"cat\", \"toys\": [{\"price\": 1}, {\"price\": 2.5}]}")
                        .body())
                .isEqualTo("{\"text\":\"Hi Mia\",\"kind\":\"cat\",\"worth\":3.5}");
        HttpResponse<String> refused = ask("typed", "{\"name\": 7, \"kind\": \"cow\", \"tail\": 1}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("/name").contains("/kind").contains("/tail");
        assertThat(gateway.get("/openapi.json").body()).contains("\"vet\"");
    }

    @Test
    void aFailedCallCostsNothingButItself() throws Exception {
        module("obedient", "1.0.0", OBEDIENT, "memory: 512MiB, max_frame: 20000, environment: {MODEL: small}");
        ready("obedient-1.0.0");
        long pid = pid(ask("obedient", "{}"));
        HttpResponse<String> raised = ask("obedient", "{\"do\": \"raise\"}");
        assertThat(raised.statusCode()).isEqualTo(500);
        assertThat(raised.body()).contains("module-failed").doesNotContain("secret inner state");
        HttpResponse<String> refused = ask("obedient", "{\"do\": \"refuse\"}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("is not for us").contains("\"/do\"");
        for (String failing : List.of("nan", "strange", "huge", "memory")) {
            HttpResponse<String> failed = ask("obedient", "{\"do\": \"" + failing + "\"}");
            assertThat(failed.statusCode()).as(failing + failed.body()).isEqualTo(500);
            assertThat(failed.body()).contains("module-failed");
        }
        assertThat(pid(ask("obedient", "{\"do\": \"flood\"}"))).isEqualTo(pid);
        assertThat(ask("obedient", "{\"text\": \"" + "x".repeat(30_000) + "\"}").statusCode())
                .isEqualTo(413);
        String environment = ask("obedient", "{\"do\": \"environment\"}").body();
        assertThat(environment).contains("\"HOME\"", "\"MODEL\"", "\"PATH\"", "\"TMPDIR\"");
        // the gateway sets some for Python, and a python3 that is a script of pyenv adds its own
        for (String ours : System.getenv().keySet()) {
            if (!ours.matches("PATH|HOME|LANG|TMPDIR|PWD|SHLVL|_|PY.*")) {
                assertThat(environment).doesNotContain("\"" + ours + "\"");
            }
        }
        assertThat(pid(ask("obedient", "{}"))).isEqualTo(pid);
    }

    @ParameterizedTest
    @CsvSource({"die, was killed by signal 9", "exit, ended with exit code 3"})
    void aProcessThatEndsCostsTheCallInsideAndIsStartedAgain(String how, String words) throws Exception {
        module("obedient", "1.0.0", OBEDIENT, "");
        ready("obedient-1.0.0");
        long pid = pid(ask("obedient", "{}"));
        HttpResponse<String> lost = ask("obedient", "{\"do\": \"" + how + "\"}");
        assertThat(lost.statusCode()).isEqualTo(503);
        assertThat(lost.body()).contains("worker-lost").contains(words);
        assertThat(pid(ask("obedient", "{}"))).isNotEqualTo(pid);
    }

    @Test
    void callsFailAtOnceWhileNoProcessIsUpIfTheyShall() throws Exception {
        module("obedient", "1.0.0", "import time; time.sleep(1)\n" + OBEDIENT, "when_down: fail");
        ready("obedient-1.0.0");
        ask("obedient", "{\"do\": \"die\"}");
        HttpResponse<String> lost = ask("obedient", "{}");
        assertThat(lost.body()).contains("worker-lost").contains("No process of this module is up");
        await().untilAsserted(
                        () -> assertThat(ask("obedient", "{}").statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @CsvSource({"sleep", "hold"})
    void aCallThatGoesOnAfterItsDeadlineIsEndedWithItsProcess(String how) throws Exception {
        module("obedient", "1.0.0", OBEDIENT, "grace: 300ms");
        ready("obedient-1.0.0");
        long pid = pid(ask("obedient", "{}"));
        HttpResponse<String> late =
                ask("obedient", "{\"do\": \"" + how + "\", \"seconds\": 60}", "inference-timeout", "200ms");
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(pid(ask("obedient", "{}"))).isNotEqualTo(pid);
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        long next = pid(ask("obedient", "{}"));
        HttpResponse<String> inGrace =
                ask("obedient", "{\"do\": \"sleep\", \"seconds\": 0.3}", "inference-timeout", "150ms");
        assertThat(inGrace.statusCode()).isEqualTo(504);
        assertThat(pid(ask("obedient", "{}"))).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            syntax | 'def f(:' | '' | Importing code.py failed: SyntaxError
            absent | 'import no_such_library' | '' | Importing code.py failed: ModuleNotFoundError: No module named
            raises | 'LOAD raise KeyError("model")' | '' | Loading code.py failed: KeyError
            ends | 'import os; print("bye"); os._exit(7)' | '' | The Python process ended with exit code 7 while it started. Its last words: bye
            slow | 'import time; time.sleep(60)' | 'start: 4s' | The Python process did not load its module within 4000 ms (python.start)
            named | 'LOAD pass' | 'executable: python99' | cannot be run
            other | 'TASK' | '' | says task_name =
            hints | 'HINT' | '' | Reading the type hints of code.py failed
            """)
    void aModuleThatDoesNotStartFailsWithTheReason(String task, String code, String keys, String words)
            throws Exception {
        String body = "class M:\n";
        String head = code + "\n";
        if (code.startsWith("LOAD ")) {
            head = "";
            body += "    def load(self): " + code.substring(5) + "\n";
        } else if (code.equals("TASK")) {
            head = "";
            body += "    task_name = 'else'\n";
        } else if (code.equals("HINT")) {
            head = "";
            body += "    def predict(self, request: complex): return 1\n";
        }
        if (!code.equals("HINT")) {
            body += "    def predict(self, request): return {}\n";
        }
        module(task, "1.0.0", head + body, keys);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> status(task + "-1.0.0").path("state").asString("").equals("failed"));
        assertThat(status(task + "-1.0.0").path("cause").asString("")).contains(words);
        assertThat(workers()).isEmpty();
    }

    @Test
    void killingProcessesUnderLoadLosesTheCallsInsideAndNoOther() throws Exception {
        module("obedient", "1.0.0", OBEDIENT, "workers: 2");
        ready("obedient-1.0.0");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger good = new AtomicInteger();
        Queue<String> bad = new ConcurrentLinkedQueue<>();
        Set<Long> pids = ConcurrentHashMap.newKeySet();
        AtomicLong last = new AtomicLong();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            callers.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        HttpResponse<String> answer = ask("obedient", "{\"do\": \"sleep\", \"seconds\": 0.005}");
                        if (answer.statusCode() == 200) {
                            pids.add(pid(answer));
                            last.set(pid(answer));
                            good.incrementAndGet();
                        } else {
                            bad.add(answer.body());
                        }
                    } catch (Exception e) {
                        bad.add(e.toString());
                    }
                }
            }));
        }
        int kills = 5;
        for (int i = 0; i < kills; i++) {
            int before = good.get();
            await().until(() -> good.get() > before + 20);
            kill(last.get());
        }
        int before = good.get();
        await().until(() -> good.get() > before + 20);
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(events()).contains("worker-lost");
        // a process has one call inside
        assertThat(bad).hasSizeLessThanOrEqualTo(kills).allMatch(body -> body.contains("worker-lost"));
        assertThat(good).hasValueGreaterThan(100);
        assertThat(pids).hasSizeGreaterThan(kills);
    }

    private String events() throws Exception {
        return gateway.admin("events").toString();
    }

    @Test
    void aCallWhoseProcessIsLostIsAskedAgainWhereTheConfigSaysSo() throws Exception {
        gateway.save("inference: {obedient: {default_version: 1.0.0, retry: {attempts: 1, budget: 10}}}");
        module("obedient", "1.0.0", OBEDIENT, "");
        ready("obedient-1.0.0");
        await().until(() -> gateway.post("/v1/inference/obedient", "{}").statusCode() == 200);
        long pid = pid(gateway.post("/v1/inference/obedient", "{}"));
        CompletableFuture<HttpResponse<String>> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return gateway.post("/v1/inference/obedient", "{\"do\": \"sleep\", \"seconds\": 1}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> gateway.admin("modules").toString().contains("\"in_flight\":1"));
        kill(pid);
        assertThat(pid(asked.get(30, TimeUnit.SECONDS))).isNotEqualTo(pid);
        assertThat(events())
                .contains("worker-lost")
                .contains("obedient@1.0.0: a Python process was killed by signal 9 with 1 call inside, which is lost;"
                        + " it is started again at once");
    }

    @Test
    void swappingVersionsUnderLoadLosesNothingAndLeavesNoProcess() throws Exception {
        String config = "inference: {obedient: {default_version: 1.0.%d}}";
        module("obedient", "1.0.0", OBEDIENT, "");
        ready("obedient-1.0.0");
        gateway.save(config.formatted(0));
        await().until(() -> gateway.post("/v1/inference/obedient", "{}").statusCode() == 200);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger good = new AtomicInteger();
        Queue<String> bad = new ConcurrentLinkedQueue<>();
        Set<String> versions = ConcurrentHashMap.newKeySet();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            callers.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        HttpResponse<String> answer =
                                gateway.post("/v1/inference/obedient", "{\"do\": \"sleep\", \"seconds\": 0.002}");
                        if (answer.statusCode() == 200) {
                            good.incrementAndGet();
                            versions.add(answer.headers()
                                    .firstValue("inference-version")
                                    .orElse(""));
                        } else {
                            bad.add(answer.body());
                        }
                    } catch (Exception e) {
                        bad.add(e.toString());
                    }
                }
            }));
        }
        for (int i = 1; i <= SWAPS; i++) {
            String version = "1.0." + i;
            module("obedient", version, OBEDIENT, "");
            ready("obedient-" + version);
            gateway.save(config.formatted(i));
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> gateway.post("/v1/inference/obedient", "{}")
                            .headers()
                            .firstValue("inference-version")
                            .orElse("")
                            .equals(version));
            SourceModule.remove(gateway.module("obedient-1.0." + (i - 1)));
        }
        await().untilAsserted(() -> assertThat(workers()).hasSize(1));
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(bad).isEmpty();
        assertThat(good).hasValueGreaterThan(SWAPS);
        assertThat(versions).hasSize(SWAPS + 1);
    }

    @Test
    void aWorkerDiesWithItsGatewayAlsoWhileNativeCodeHoldsIt() throws Exception {
        Path served = folder.resolve("other");
        Files.createDirectories(served.resolve("modules"));
        module("obedient", "1.0.0", OBEDIENT, "");
        ready("obedient-1.0.0");
        Files.move(gateway.module("obedient-1.0.0"), served.resolve("modules/obedient-1.0.0"));
        await().untilAsserted(() -> assertThat(workers()).isEmpty());
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), Host.class.getName(), served.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("host.log").toFile());
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        Process other = builder.start();
        try {
            ProcessHandle worker = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> other.descendants()
                                    .filter(process -> process.info()
                                            .commandLine()
                                            .orElse("")
                                            .contains("-m patchbay "))
                                    .findFirst()
                                    .orElse(null),
                            java.util.Objects::nonNull);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(folder.resolve("host.log")).contains("held"));
            other.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(5)).until(() -> !worker.isAlive());
        } finally {
            other.destroyForcibly();
        }
    }

    /// A gateway in a process of its own, with a call that holds the interpreter.
    static final class Host {

        public static void main(String[] arguments) throws Exception {
            RunningGateway gateway = new RunningGateway(Path.of(arguments[0]), "inference: {}").start();
            while (!gateway.admin("modules").toString().contains("\"ready\"")) {
                Thread.sleep(50);
            }
            Thread.ofPlatform().start(() -> {
                try {
                    gateway.post("/v1/inference/obedient/versions/1.0.0", "{\"do\": \"hold\"}");
                } catch (Exception e) {
                    e.printStackTrace();
                }
            });
            Thread.sleep(500);
            System.out.println("held");
            Thread.sleep(60_000);
        }
    }
}
