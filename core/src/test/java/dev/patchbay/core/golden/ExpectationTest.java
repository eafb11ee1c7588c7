package dev.patchbay.core.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.config.YamlFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpectationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restless              | restless",
                "1                     | 1.0",
                "0.10                  | 0.1",
                "null                  | null",
                "[1, 2]                | [1.0, 2]",
                "{a: 1}                | {a: 1, b: 2}",
                "{near: 0.8, within: 0.01} | 0.809",
                "{near: 0.8}           | 0.8000001",
                "{between: [0.7, 0.9]} | 0.7",
                "{between: [0.7, 0.9]} | 0.9",
                "{above: 0, at_most: 1}| 1",
                "{at_least: 0, below: 1} | 0",
                "{pattern: '^A-[0-9]+$'} | A-17",
                "{contains: cat}       | a cat sat",
                "{contains: {x: 1}}    | '[{x: 0}, {x: 1}]'",
                "{one_of: [a, 2]}      | 2.0",
                "{size: 3}             | '[1, 2, 3]'",
                "{size: {at_most: 3}}  | 'ab'",
                "{each: {above: 0}}    | '[1, 2]'",
                "{each: {above: 0}}    | '[]'",
                "{not: {contains: cat}}| a dog",
                "{equals: {size: 3}}   | '{size: 3}'",
                "{a: {absent: true}}   | '{b: 1}'",
                "{a: {absent: true}}   | '{a: null}'",
                "{a: {present: true}}  | '{a: 0}'",
            })
    void holds(String expectation, String answer) {
        assertThat(check(expectation, answer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restless              | calm  | the answer must be \"restless\", but is \"calm\"",
                "1                     | '\"1\"' | the answer must be 1, but is \"1\"",
                "[1, 2]                | '[1]' | 'the answer must be a list of 2, but has 1: [1]'",
                "[1, 2]                | '[1, 3]' | '/1 must be 2, but is 3'",
                "{a: {b: 1}}           | '{a: {}}' | '/a/b must be 1, but is not there'",
                "{a: {b: 1}}           | '{a: 7}' | '/a must be an object with b, but is 7'",
                "{a: {betwen: [0, 1]}} | '{a: 2}' | '/a must be an object with betwen (or did you mean the rule ''between''?), but is 2'",
                "{near: 0.8, within: 0.01} | 0.811 | 'the answer must be near 0.8 (within 0.01), but is 0.811'",
                "{between: [0.7, 0.9]} | 0.91  | 'the answer must be between 0.7 and 0.9, but is 0.91'",
                "{between: [0.7, 0.9]} | high  | 'the answer must be between 0.7 and 0.9, but is \"high\"'",
                "{pattern: '^A-[0-9]+$'} | A-   | 'the answer must match ^A-[0-9]+$, but is \"A-\"'",
                "{contains: cat}       | dog   | 'the answer must contain \"cat\", but is \"dog\"'",
                "{one_of: [a, b]}      | c     | 'the answer must be one of [\"a\",\"b\"], but is \"c\"'",
                "{size: 3}             | '[1]' | 'the answer must have a size of 3, but is [1]'",
                "{each: {above: 0}}    | '[1, 0]' | '/1 must be above 0, but is 0'",
                "{not: {contains: cat}}| a cat | 'the answer must not be {\"contains\":\"cat\"}, but is \"a cat\"'",
                "{equals: {a: 1}}      | '{a: 1, b: 2}' | 'the answer must equal {\"a\":1}, but is {\"a\":1,\"b\":2}'",
                "{a: {absent: true}}   | '{a: 1}' | '/a must not be there, but is 1'",
                "{a: {present: true}}  | '{}' | '/a must be there, but is not there'",
                "{a: {not: 1}}         | '{}' | '/a must not be 1, but is not there'",
            })
    void doesNotHold(String expectation, String answer, String complaint) {
        assertThat(check(expectation, answer))
                .singleElement()
                .extracting(Mismatch::toString)
                .isEqualTo(complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{between: [1]} | ': between takes the least and the most, such as [0.7, 0.9], but is [1]'",
                "{between: [2, 1]} | ': between takes the least and the most, such as [0.7, 0.9], but is [2,1]'",
                "{a: {above: high}} | '/a: above takes a number, but is \"high\"'",
                "{a: {within: 1}} | '/a: ''within'' says how far a number may be away from ''near''; give both'",
                "{near: 1, within: -1} | ': within must not be negative, but is -1'",
                "{pattern: '['} | ': pattern is no regular expression: Unclosed character class at position 1 of \"[\"'",
                "{one_of: 3} | ': one_of takes a list of values, but is 3'",
                "{absent: maybe} | ': absent is true or false, but is \"maybe\"'",
                "{a: {each: {above: x}}} | '/a/each: above takes a number, but is \"x\"'",
            })
    void aRuleThatCannotBeUnderstoodIsNamed(String expectation, String complaint) {
        assertThatThrownBy(() -> Expectation.read(YamlFile.read(expectation)))
                .isInstanceOf(GoldenInvalid.class)
                .hasMessage(complaint);
    }

    @Test
    void anObjectMayHaveAFieldThatIsCalledLikeARule() {
        assertThat(check("{size: 3, label: on}", "{size: 3, label: on}")).isEmpty();
        assertThat(check("{a: {above: 0, belo: 1}}", "{a: 0.5}"))
                .extracting(Mismatch::toString)
                .containsExactly(
                        "/a must be an object with above, belo (or did you mean the rule 'below'?), but is 0.5");
    }

    @Test
    void aMismatchSaysWhereTheExpectationStands() {
        assertThat(check("{a: [{b/c: {near: 1}}, 2]}", "{a: [{b/c: 2}, 3]}"))
                .extracting(Mismatch::place, Mismatch::isValue)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("/a/0/b~1c", true),
                        org.assertj.core.groups.Tuple.tuple("/a/1", true));
    }

    @Test
    void aRuleIsNoValueThatARecordingMayReplace() {
        assertThat(check("{a: {between: [0, 1]}, b: {each: 1}}", "{a: 2, b: [2]}"))
                .extracting(Mismatch::isValue)
                .containsExactly(false, false);
    }

    private static List<Mismatch> check(String expectation, String answer) {
        return Expectation.read(YamlFile.read(expectation)).check(YamlFile.read(answer));
    }
}
