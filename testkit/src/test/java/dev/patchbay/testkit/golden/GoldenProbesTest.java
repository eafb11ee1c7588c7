package dev.patchbay.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.TestGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway asks golden cases that say `probe: true` before a version becomes ready.
final class GoldenProbesTest {

    private static final String MODULE = """
            public record Request(@Min(0) int x) {}
            public record Answer(int y) {}
            public Answer predict(Request request, Call call) {
                if (request.x() == 13) {
                    throw new IllegalStateException("unlucky");
                }
                return new Answer(request.x() * 2);
            }
            """;

    @TempDir
    private Path home;

    @Test
    void aVersionThatAnswersItsProbesBecomesReady() throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            assertThat(gateway.deploy(module("""
                            cases:
                              two: {request: {x: 1}, answer: {y: 2}, probe: true}
                              refused: {request: {x: -1}, error: {code: invalid-request, path: /x}, probe: true}
                              no_probe: {request: {x: 1}, answer: {y: 7}}
                            """)).toString()).isEqualTo("double@1.0.0");
        }
    }

    @Test
    void aVersionThatAnswersAProbeWronglyDoesNot() throws Exception {
        assertThatThrownBy(() -> deploy("""
                        cases:
                          two: {request: {x: 1}, answer: {y: 3}, probe: true}
                          lucky: {request: {x: 13}, answer: {y: 26}, probe: true}
                          three: {request: {x: 3}, answer: {y: 6}, probe: true}
                        """))
                .isInstanceOf(ModuleNotReady.class)
                .hasMessage(
                        "it failed in probe: 2 of 3 golden probes are answered wrongly. cases/two: /y must be 3, but is 2. cases/lucky: the answer must be given, but the call failed with module-failed: java.lang.IllegalStateException: unlucky");
    }

    @Test
    void aFileThatCannotBeUnderstoodIsNamed() throws Exception {
        assertThatThrownBy(() -> deploy("cases: {two: {reqest: {x: 1}}}"))
                .hasMessageStartingWith(
                        "it failed in probe: golden/cases.yaml: /cases/two/reqest is no key here. Did you mean 'request'?");
    }

    private void deploy(String cases) throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.deploy(module(cases));
        }
    }

    private Path module(String cases) throws Exception {
        return ModuleFixture.compile(home, "task = \"double\", version = \"1.0.0\"", MODULE)
                .with("golden/cases.yaml", cases)
                .artifact();
    }
}
