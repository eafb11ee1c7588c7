package dev.patchbay.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    private static RequestTarget parse(String target) {
        return Objects.requireNonNull(RequestTarget.parse(target), target);
    }

    @Test
    void segmentsAreDecodedOnce() {
        assertThat(parse("/a/b%20c/%C3%A9/%2541/+").segments()).isEqualTo(List.of("a", "b c", "é", "%41", "+"));
        assertThat(parse("/").segments()).isEqualTo(List.of(""));
        assertThat(parse("/a/").segments()).isEqualTo(List.of("a", ""));
        assertThat(parse("/a/...").segments()).isEqualTo(List.of("a", "..."));
    }

    @Test
    void theAbsoluteFormIsTheSamePath() {
        assertThat(parse("http://host:80/a?b")).isEqualTo(parse("/a?b"));
        assertThat(parse("https://host").path()).isEqualTo("/");
        assertThat(parse("http://host?b")).isEqualTo(parse("/?b"));
    }

    @Test
    void queryParametersAreDecoded() {
        RequestTarget target = parse("/a?x=1&y=a%20b+c&x=2&z&e=");
        assertThat(target.query()).isEqualTo("x=1&y=a%20b+c&x=2&z&e=");
        assertThat(target.queryParameter("x")).isEqualTo("1");
        assertThat(target.queryParameter("y")).isEqualTo("a b c");
        assertThat(target.queryParameter("z")).isEmpty();
        assertThat(target.queryParameter("e")).isEmpty();
        assertThat(target.queryParameter("w")).isNull();
        assertThat(parse("/a").queryParameter("x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "host:80",
                "ftp://host/a",
                "/%",
                "/%4",
                "/%zz",
                "/%00",
                "/%0a",
                "/%ff",
                "/%c3%28",
                "/a b",
                "/\u00e9",
                "/a#b",
                "/a\\b",
                "/%2f",
                "/%5c",
                "/a/..",
                "/../a",
                "/./a",
                "/%2e%2e/a",
                "/a?%",
                "/a?x=%ff"
            })
    void whatTwoReadersCouldTakeDifferentlyIsNoTarget(String target) {
        assertThat(RequestTarget.parse(target)).isNull();
    }
}
