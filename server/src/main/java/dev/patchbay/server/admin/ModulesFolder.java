package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The modules folder as the admin API changes it: an upload appears in it whole or not at all.
///
/// @param folder the watched folder
public record ModulesFolder(Path folder) {

    /// A hidden folder is not looked at.
    private static final String RETIRED = ".retired";

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

    /// Takes an artifact out of the watched names and keeps it, so that it can be put back.
    void retire(String name) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (!target.startsWith(folder) || target.equals(folder) || !Files.exists(target)) {
            return;
        }
        Path kept = Files.createDirectories(folder.resolve(RETIRED)).resolve(name);
        delete(kept);
        Files.move(target, kept, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Puts an artifact back that was retired.
    ///
    /// @return whether it was kept
    boolean restore(String name) throws IOException {
        Path kept = folder.resolve(RETIRED).resolve(name).normalize();
        if (!kept.startsWith(folder.resolve(RETIRED)) || !Files.exists(kept)) {
            return false;
        }
        Path target = folder.resolve(name);
        if (Files.exists(target)) {
            throw new InferenceException(
                    ErrorCode.CONFLICT, "The modules folder has another '%s' by now".formatted(name));
        }
        Files.move(kept, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /// Lists the artifacts that were retired.
    List<String> retired() throws IOException {
        Path kept = folder.resolve(RETIRED);
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(kept)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void delete(Path place) throws IOException {
        if (Files.exists(place)) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
