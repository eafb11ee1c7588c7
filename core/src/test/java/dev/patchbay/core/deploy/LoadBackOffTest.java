package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadBackOffTest {

    private static DeploymentFailed failure(Throwable cause) {
        return new DeploymentFailed("load", "no", cause);
    }

    @Test
    void whatOthersFailedAtMayPassAndWhatTheArtifactFailedAtMayNot() {
        assertThat(LoadBackOff.mayPass(failure(new InferenceException(ErrorCode.REMOTE_FAILED, "away"))))
                .isTrue();
        assertThat(LoadBackOff.mayPass(
                        failure(new IOException(new InferenceException(ErrorCode.DEPENDENCY_FAILED, "away")))))
                .isTrue();
        assertThat(LoadBackOff.mayPass(failure(new InferenceException(ErrorCode.MODULE_FAILED, "broken"))))
                .isFalse();
        assertThat(LoadBackOff.mayPass(failure(new IllegalArgumentException("no such field"))))
                .isFalse();
        assertThat(LoadBackOff.mayPass(new DeploymentFailed("read", "no zip"))).isFalse();
    }

    @Test
    void pausesGrowUntilAMinute() {
        assertThat(IntStream.rangeClosed(1, 9)
                        .mapToObj(failures -> LoadBackOff.pause(failures).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(LoadBackOff.pause(Integer.MAX_VALUE).toSeconds()).isEqualTo(60);
    }
}
