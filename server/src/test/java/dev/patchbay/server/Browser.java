package dev.patchbay.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A Chromium with one page, told what to do by its
/// [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/). What it is told is done as a person does
/// it: clicks go to a place on the screen, texts are typed.
final class Browser implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Process process;
    private final Path profile;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final List<String> complaints = new ArrayList<>();
    private String session = "";

    /// Finds a Chromium on the path, or where `CHROMIUM` says.
    static Optional<Path> installed() {
        String told = System.getenv("CHROMIUM");
        if (told != null) {
            return Optional.of(Path.of(told));
        }
        return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program) throws Exception {
        profile = Files.createTempDirectory("patchbay-chromium-");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = client.newWebSocketBuilder()
                .buildAsync(address(), new Listener())
                .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        String target = tell("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        session = tell("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        tell("Page.enable", Map.of());
        tell("Runtime.enable", Map.of());
        tell("Log.enable", Map.of());
        size(1360, 900);
    }

    private URI address() throws IOException {
        BufferedReader words = process.errorReader();
        String line;
        String said = "";
        while ((line = words.readLine()) != null) {
            if (line.startsWith("DevTools listening on ")) {
                // nobody may stop reading: a full pipe would hold the browser
                Thread.ofVirtual().start(() -> words.lines().forEach(_ -> {}));
                return URI.create(line.substring("DevTools listening on ".length()));
            }
            said += line + "\n";
        }
        throw new IOException("Chromium did not start:\n" + said);
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                take(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            asked.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }

    private void take(JsonNode message) {
        CompletableFuture<JsonNode> answer = asked.remove(message.path("id").asInt(-1));
        if (answer != null) {
            if (message.has("error")) {
                answer.completeExceptionally(
                        new IllegalStateException(message.path("error").toString()));
            } else {
                answer.complete(message.path("result"));
            }
            return;
        }
        String method = message.path("method").asString("");
        JsonNode told = message.path("params");
        synchronized (complaints) {
            if (method.equals("Runtime.exceptionThrown")) {
                complaints.add(told.path("exceptionDetails").toString());
            } else if (method.equals("Log.entryAdded")
                    && told.path("entry").path("source").asString("").equals("security")) {
                complaints.add(told.path("entry").path("text").asString());
            }
        }
    }

    private JsonNode tell(String method, Map<String, ?> params) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(params));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).join();
        return answer.orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// Lists errors of scripts and what the page's security policy forbade.
    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    void size(int width, int height) {
        tell(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /// Sets what the system says about its theme.
    void dark(boolean dark) {
        tell(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /// Loads a page anew.
    void open(String address) {
        tell("Page.navigate", Map.of("url", "about:blank"));
        tell("Page.navigate", Map.of("url", address));
    }

    /// Gives what a script gives; a promise is waited for.
    JsonNode run(String script) {
        JsonNode result = tell(
                "Runtime.evaluate",
                Map.of("expression", script, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(result.path("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    /// Gives the text that is seen of an element, or of the page's main part, its lines as one.
    String text(String... selector) {
        String wanted = selector.length == 0 ? "main" : selector[0];
        return run(seen(wanted)).asString();
    }

    private static String seen(String selector) {
        return "(document.querySelector(%s)?.innerText ?? '').replace(/\\s+/g, ' ')".formatted(quoted(selector));
    }

    /// Waits until a script gives something true.
    void until(String script) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!run("Boolean(" + script + ")").asBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(script + " did not become true; the page shows:\n" + text("body"));
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /// Waits until the page's main part shows a text.
    void untilSeen(String text) {
        until(seen("main") + ".includes(" + quoted(text) + ")");
    }

    /// Clicks in the middle of the one element that is meant.
    void click(String selector) {
        until("document.querySelector(" + quoted(selector) + ")");
        JsonNode place = run("(() => { const e = document.querySelector(" + quoted(selector)
                + "); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
        for (String kind : List.of("mousePressed", "mouseReleased")) {
            tell(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            kind,
                            "x",
                            place.path("x").asDouble(),
                            "y",
                            place.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /// Types into whatever has the focus.
    void type(String text) {
        tell("Input.insertText", Map.of("text", text));
    }

    /// Presses one key, by its name.
    void press(String key) {
        String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            default -> key.toUpperCase(java.util.Locale.ROOT).charAt(0);
        };
        tell(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "text", text, "windowsVirtualKeyCode", code));
        tell("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    byte[] picture() {
        return Base64.getDecoder()
                .decode(tell("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asString());
    }

    static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    @Override
    public void close() throws Exception {
        client.shutdownNow();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // its children may still write; the folder is a temporary one
        }
    }
}
