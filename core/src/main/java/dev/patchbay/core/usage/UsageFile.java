package dev.patchbay.core.usage;

import dev.patchbay.core.registry.ModuleKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keeps in a file when each version was last used and by whom, so that a restart does not forget it. The file is
/// written once a minute if something changed, and at the end: aside, forced to the disk and renamed, so that a crash
/// leaves it whole and loses a minute at most. Not safe for threads beside [#start].
public final class UsageFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(UsageFile.class);
    private static final int SECONDS = 60;

    private final JsonMapper json = JsonMapper.shared();
    private final Path file;
    private final UsageBook book;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("patchbay-usage").factory());
    private long written = -1;

    /// Tells a book what the file says. One that cannot be read is reported, and the book begins anew.
    public UsageFile(Path file, UsageBook book) {
        this.file = file;
        this.book = book;
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode root = json.readTree(Files.readAllBytes(file));
            Map<ModuleKey, LastUse> uses = new HashMap<>();
            for (JsonNode version : root.required("versions")) {
                Map<String, Instant> tenants = new HashMap<>();
                version.required("tenants")
                        .forEachEntry((tenant, when) -> tenants.put(tenant, Instant.parse(when.stringValue())));
                uses.put(
                        new ModuleKey(
                                version.required("task").stringValue(),
                                version.required("version").stringValue()),
                        new LastUse(Instant.parse(version.required("last_used").stringValue()), tenants));
            }
            book.remember(Instant.parse(root.required("since").stringValue()), uses);
        } catch (IOException | JacksonException | DateTimeException e) {
            log.error("{} cannot be read, and who used which version before is forgotten: {}", file, e.getMessage());
        }
    }

    /// Writes once a minute from now on.
    public void start() {
        timer.scheduleWithFixedDelay(this::write, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    /// Writes what the book knows now, if calls came since it was written last.
    void write() {
        long calls = book.calls();
        if (calls == written) {
            return;
        }
        ObjectNode root =
                json.createObjectNode().put("since", book.rememberedSince().toString());
        var versions = root.putArray("versions");
        book.lastUses().forEach((key, use) -> {
            ObjectNode version = versions.addObject()
                    .put("task", key.task())
                    .put("version", key.version())
                    .put("last_used", use.at().toString());
            ObjectNode tenants = version.putObject("tenants");
            use.tenants().forEach((tenant, when) -> tenants.put(tenant, when.toString()));
        });
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(root));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            written = calls;
        } catch (IOException | RuntimeException e) {
            log.warn("{} cannot be written; a restart would forget who used what since it was: {}", file, e.toString());
        }
    }

    @Override
    public void close() throws InterruptedException {
        timer.shutdown();
        timer.awaitTermination(5, TimeUnit.SECONDS);
        write();
    }
}
