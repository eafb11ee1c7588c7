package dev.patchbay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request is its text and all else; only the text may differ where answers are given to what means the same.
class TextFieldTest {

    private static final String CHAT = """
            {"model": "m", "temperature": 0.2, "tools": [{"name": "t"}],
             "messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "How are you?"}]}""";

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static TextField.Parted part(String pointer, String request) {
        return Objects.requireNonNull(TextField.at(pointer).part(json(request)));
    }

    @Test
    void theLastMessageIsTakenOutOfAConversation() {
        JsonNode chat = json(CHAT);

        TextField.Parted parted =
                Objects.requireNonNull(TextField.at("/messages/-/content").part(chat));

        assertThat(parted.text()).isEqualTo("How are you?");
        assertThat(parted.rest()).isEqualTo(json(CHAT.replace("How are you?", "")));
        assertThat(chat).as("the request is not changed").isEqualTo(json(CHAT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"temperature\": 0.2", "\"name\": \"t\"", "Be brief", "\"model\": \"m\"", "\"role\": \"user\""})
    void allElseStaysInTheRest(String part) {
        String other = CHAT.replace(
                part,
                part.replace("0.2", "0.3")
                        .replaceAll("(t|brief|m|user)\"$", "other\"")
                        .replace("Be brief", "Be long"));
        assertThat(other).isNotEqualTo(CHAT);
        assertThat(part("/messages/-/content", other).rest())
                .isNotEqualTo(part("/messages/-/content", CHAT).rest());
    }

    @Test
    void namesAreUnescapedAndListsCounted() {
        assertThat(part("/a~1b/1", "{\"a/b\": [\"x\", \"y\", \"z\"]}").text()).isEqualTo("y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/question",
                "/messages",
                "/messages/9/content",
                "/messages/-/role/x",
                "/messages/x",
                "/temperature"
            })
    void whereThereIsNoTextNothingIsCompared(String pointer) {
        assertThat(TextField.at(pointer).part(json(CHAT))).isNull();
    }
}
