package dev.patchbay.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// docs/errors.md says of every code what is true and what to do.
class ErrorsPageTest {

    @ParameterizedTest
    @EnumSource
    void everyCodeHasItsLine(ErrorCode code) throws IOException {
        String line = "| `%s` | %d | %d | %s | "
                .formatted(
                        code.id(),
                        code.httpStatus(),
                        code.grpcStatus(),
                        code.kind().name().toLowerCase(Locale.ROOT));
        try (Stream<String> lines = Files.lines(Path.of("../docs/errors.md"))) {
            assertThat(lines.filter(text -> text.startsWith(line)))
                    .singleElement()
                    .satisfies(
                            found -> assertThat(found.substring(line.length())).hasSizeGreaterThan(10));
        }
    }
}
