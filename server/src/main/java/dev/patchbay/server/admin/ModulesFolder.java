package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The modules folder as the admin API changes it: an upload appears in it whole or not at all.
///
/// @param folder the watched folder
public record ModulesFolder(Path folder) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}\\.(jar|zip)");

    String add(@Nullable String name, byte[] content) throws IOException {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InferenceException(
                    ErrorCode.MALFORMED_REQUEST,
                    "?name= is the file's name in the modules folder, such as fraud-1.0.0.jar or fraud-1.0.0.zip");
        }
        if (content.length == 0) {
            throw new InferenceException(ErrorCode.MALFORMED_REQUEST, "The body is the artifact, and is empty");
        }
        Files.createDirectories(folder);
        Path target = folder.resolve(name);
        if (Files.exists(target)) {
            throw new InferenceException(
                    ErrorCode.CONFLICT,
                    "The modules folder already has '%s'. A version never changes: upload the new one under its own name"
                            .formatted(name));
        }
        Path aside = folder.resolve("." + name + ".part");
        Files.write(aside, content);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        return name;
    }

    void remove(String name) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (!target.startsWith(folder) || target.equals(folder) || !Files.exists(target)) {
            return;
        }
        // out of the watched names first, so that a half-deleted folder is never looked at
        Path aside = folder.resolve("." + name + ".gone");
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> files = Files.walk(aside)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
