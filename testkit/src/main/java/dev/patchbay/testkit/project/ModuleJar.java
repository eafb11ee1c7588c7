package dev.patchbay.testkit.project;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// An artifact in one file. The same files give the same bytes, whenever and wherever it is made.
///
/// @param file the jar; its digest lies beside it, so that a gateway takes it only when it is whole
/// @param sha256 of the jar, in hex
public record ModuleJar(Path file, String sha256) {

    /// The first month that every zip tool can say, in whatever time zone.
    private static final LocalDateTime SOME_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    /// Packs an artifact.
    ///
    /// @param artifact a folder with the content
    public static ModuleJar pack(Path artifact, Path file) throws IOException {
        byte[] bytes = jar(artifact);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(next, bytes);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        String digest = sha256(bytes);
        Files.writeString(
                file.resolveSibling(file.getFileName() + ".sha256"), digest + "  " + file.getFileName() + "\n");
        return new ModuleJar(file, digest);
    }

    private static byte[] jar(Path artifact) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream((OutputStream) bytes);
                Stream<Path> walk = Files.walk(artifact)) {
            List<Path> files = walk.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(artifact.relativize(file)))
                    .sorted()
                    .toList();
            for (Path file : files) {
                JarEntry entry =
                        new JarEntry(artifact.relativize(file).toString().replace('\\', '/'));
                entry.setTimeLocal(SOME_TIME);
                jar.putNextEntry(entry);
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isHidden(Path inside) {
        for (Path part : inside) {
            if (part.toString().startsWith(".") || part.toString().endsWith("~")) {
                return true;
            }
        }
        return inside.startsWith("target");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
