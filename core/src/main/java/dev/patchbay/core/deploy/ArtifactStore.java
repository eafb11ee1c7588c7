package dev.patchbay.core.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Keeps a copy of each artifact under its digest, so that whatever happens to the folder it came from, a
/// version keeps the bytes it was loaded with. A copy is made aside and renamed when it is whole; its manifest,
/// written last, lists every file's digest.
final class ArtifactStore {

    static final String MANIFEST = "artifact.sha256";

    private static final int MAXIMUM_FILES = 20_000;
    private static final long MAXIMUM_SIZE = 8L << 30;

    private final Path directory;
    /// Digest → how many deployments have added it and are not yet known to use it.
    private final Map<String, Integer> held = new HashMap<>();

    ArtifactStore(Path directory) {
        this.directory = directory;
    }

    /// Copies a module folder, a jar or a zip into the store.
    ///
    /// @throws DeploymentFailed if it cannot be read as what it is
    ModuleArtifact add(Path source) {
        Path staging = null;
        try {
            Files.createDirectories(directory);
            staging = Files.createTempDirectory(directory, ".incoming-");
            Map<String, String> digests = new TreeMap<>();
            if (Files.isDirectory(source)) {
                copyFolder(source, staging, digests);
            } else {
                unpack(source, staging, digests);
            }
            StringBuilder manifest = new StringBuilder();
            digests.forEach((file, digest) ->
                    manifest.append(digest).append("  ").append(file).append('\n'));
            byte[] bytes = manifest.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            String digest = HexFormat.of().formatHex(sha256().digest(bytes));
            Path home = directory.resolve(digest);
            synchronized (held) {
                if (!Files.exists(home.resolve(MANIFEST))) {
                    Files.write(staging.resolve(MANIFEST), bytes);
                    delete(home);
                    Files.move(staging, home, StandardCopyOption.ATOMIC_MOVE);
                }
                held.merge(digest, 1, Integer::sum);
            }
            return new ModuleArtifact(digest, home);
        } catch (ZipException e) {
            throw new DeploymentFailed(
                    "read",
                    "%s is no complete jar or zip (%s). If it is still being copied, it is read again when it has grown; copy under another name and rename to avoid this"
                            .formatted(source.getFileName(), e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new DeploymentFailed("read", source.getFileName() + " cannot be read: " + e, e);
        } finally {
            if (staging != null) {
                delete(staging);
            }
        }
    }

    /// Ends what [#add] began: from now on the copy stays only as long as a version uses it.
    void release(ModuleArtifact artifact) {
        synchronized (held) {
            held.computeIfPresent(artifact.digest(), (digest, count) -> count == 1 ? null : count - 1);
        }
    }

    /// Removes a copy that no version uses any more, unless the same bytes have just come again.
    void remove(ModuleArtifact artifact) {
        synchronized (held) {
            if (!held.containsKey(artifact.digest())) {
                delete(artifact.root());
            }
        }
    }

    private static void copyFolder(Path source, Path target, Map<String, String> digests) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return !dir.equals(source) && isHidden(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    throw new DeploymentFailed(
                            "read",
                            "%s is a symbolic link; an artifact holds its files itself"
                                    .formatted(source.relativize(file)));
                }
                if (!isHidden(file)) {
                    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                        copy(in, source.relativize(file).toString().replace('\\', '/'), target, digests);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isHidden(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") || name.endsWith("~") || name.equals(Completeness.MANIFEST);
    }

    private static void unpack(Path source, Path target, Map<String, String> digests) throws IOException {
        try (ZipFile zip = new ZipFile(source.toFile())) {
            var entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        copy(in, entry.getName(), target, digests);
                    }
                }
            }
        }
    }

    private static void copy(InputStream in, String name, Path target, Map<String, String> digests) throws IOException {
        Path file = target.resolve(name).normalize();
        if (!file.startsWith(target) || name.startsWith("/") || name.indexOf('\0') >= 0) {
            throw new DeploymentFailed("read", "the entry '" + name + "' leads out of the artifact");
        }
        if (digests.size() >= MAXIMUM_FILES) {
            throw new DeploymentFailed("read", "it has more than " + MAXIMUM_FILES + " files");
        }
        Files.createDirectories(file.getParent());
        MessageDigest digest = sha256();
        try (OutputStream out = Files.newOutputStream(file);
                DigestInputStream read = new DigestInputStream(in, digest)) {
            byte[] buffer = new byte[64 * 1024];
            long size = 0;
            for (int n = read.read(buffer); n >= 0; n = read.read(buffer)) {
                size += n;
                if (size > MAXIMUM_SIZE) {
                    throw new DeploymentFailed(
                            "read", "'" + name + "' is larger than " + (MAXIMUM_SIZE >> 30) + " GiB");
                }
                out.write(buffer, 0, n);
            }
        }
        digests.put(name, HexFormat.of().formatHex(digest.digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void delete(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
