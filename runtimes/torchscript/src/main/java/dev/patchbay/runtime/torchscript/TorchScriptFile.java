package dev.patchbay.runtime.torchscript;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// What a TorchScript archive says about its method `forward`, read without the engine: a zip of `data.pkl`, which
/// names
/// the model's class, and of the class's code as text
/// ([layout](https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md)).
///
/// @param inputs the arguments of `forward`, in their order
record TorchScriptFile(List<Argument> inputs) {

    private static final Pattern CLASS = Pattern.compile("c(__torch__[^\n]*)\n([^\n]+)\n");

    /// An argument of `forward`.
    ///
    /// @param type as TorchScript writes it, such as `Tensor`
    record Argument(String name, String type, boolean hasDefault) {

        @Override
        public String toString() {
            return name + ": " + type;
        }
    }

    /// Reads an archive.
    ///
    /// @throws IllegalArgumentException if it is none; the message says what it is
    static TorchScriptFile read(Path file) {
        String name = String.valueOf(file.getFileName());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry data = zip.stream()
                    .filter(entry -> entry.getName().endsWith("/data.pkl"))
                    .findFirst()
                    .orElseThrow(() -> refused(name, "has no data.pkl"));
            String root = data.getName().substring(0, data.getName().length() - "data.pkl".length());
            if (zip.stream().noneMatch(entry -> entry.getName().startsWith(root + "code/"))) {
                throw refused(
                        name,
                        "has weights but no code, as torch.save writes them; save torch.jit.script(model) or torch.jit.trace(model, example) instead");
            }
            Matcher type = CLASS.matcher(text(zip, data, StandardCharsets.ISO_8859_1));
            if (!type.find()) {
                throw refused(name, "names no class");
            }
            ZipEntry code = zip.getEntry(root + "code/" + type.group(1).replace('.', '/') + ".py");
            if (code == null) {
                throw refused(name, "has no code of its class " + type.group(2));
            }
            return new TorchScriptFile(forward(name, text(zip, code, StandardCharsets.UTF_8), type.group(2)));
        } catch (ZipException e) {
            throw refused(name, "is no zip");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(ZipFile zip, ZipEntry entry, java.nio.charset.Charset charset) throws IOException {
        return new String(zip.getInputStream(entry).readAllBytes(), charset);
    }

    private static IllegalArgumentException refused(String name, String what) {
        return new IllegalArgumentException("%s is no TorchScript archive: it %s".formatted(name, what));
    }

    private static List<Argument> forward(String file, String code, String type) {
        int start = code.indexOf("class " + type + "(");
        int forward = start < 0 ? -1 : code.indexOf("  def forward(", start);
        int end = forward < 0 ? -1 : code.indexOf(") -> ", forward);
        int next = start < 0 ? -1 : code.indexOf("\nclass ", start + 1);
        if (end < 0 || (next >= 0 && forward > next)) {
            throw refused(file, "has a class %s without a method forward".formatted(type));
        }
        List<Argument> arguments = new ArrayList<>();
        for (String argument : split(code.substring(forward + "  def forward(".length(), end))) {
            int colon = argument.indexOf(':');
            String name = argument.substring(0, colon).strip();
            String rest = argument.substring(colon + 1).strip();
            int equals = rest.indexOf('=');
            if (!name.equals("self")) {
                arguments.add(new Argument(name, equals < 0 ? rest : rest.substring(0, equals), equals >= 0));
            }
        }
        return List.copyOf(arguments);
    }

    /// Splits at the commas that are not in brackets.
    private static List<String> split(String arguments) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < arguments.length(); i++) {
            switch (arguments.charAt(i)) {
                case '[', '(' -> depth++;
                case ']', ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(arguments.substring(from, i));
                        from = i + 1;
                    }
                }
                default -> {}
            }
        }
        parts.add(arguments.substring(from));
        return parts;
    }
}
