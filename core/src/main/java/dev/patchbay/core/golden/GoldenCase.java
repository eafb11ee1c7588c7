package dev.patchbay.core.golden;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A request and what must become of it.
///
/// @param name of the file, and in a file of many, of the case
/// @param place JSON Pointer to the case in its file
/// @param about why there is the case; may be empty
/// @param tenant who asks; null for nobody
/// @param probe whether a version that gets this wrong must not become ready
public record GoldenCase(
        String name,
        String place,
        Kind kind,
        String about,
        JsonNode request,
        @Nullable String tenant,
        Expected expected,
        Runs runs,
        boolean probe) {

    /// What kind of request it is.
    public enum Kind {
        TYPICAL,
        EDGE,
        ADVERSARIAL
    }

    /// What must become of a request.
    public sealed interface Expected {

        /// It is answered, and the answer is so.
        record Answer(Expectation expectation) implements Expected {}

        /// It is refused or fails.
        ///
        /// @param code the stable code
        /// @param path JSON Pointer to the field that is to blame; null for any
        /// @param message what must hold of the message
        record Error(
                String code,
                @Nullable String path,
                @Nullable Expectation message) implements Expected {}

        /// Nobody has said so far.
        record Open() implements Expected {}
    }

    /// How often the case is asked.
    ///
    /// @param times a number of runs
    /// @param passRate the share of runs that must be right
    /// @param certain whether the runs must prove it, rather than only not speak against it
    public record Runs(int times, double passRate, boolean certain) {

        /// Once, and it must be right.
        public static final Runs ONCE = new Runs(1, 1, false);
    }

    /// Lists what is wrong with an answer.
    public List<Mismatch> answered(JsonNode answer) {
        return switch (expected) {
            case Expected.Answer(Expectation expectation) -> expectation.check(answer);
            case Expected.Error error ->
                List.of(new Mismatch(
                        "",
                        "",
                        "must not be given: the request is to fail with " + error.code() + Rule.butIs(answer),
                        answer,
                        false));
            case Expected.Open _ -> List.of();
        };
    }

    /// Lists what is wrong with an error.
    ///
    /// @param paths JSON Pointers to the fields the error blames
    public List<Mismatch> refused(String code, String message, List<String> paths, JsonNode error) {
        return switch (expected) {
            case Expected.Answer _ ->
                List.of(new Mismatch(
                        "",
                        "",
                        "must be given, but the call failed with "
                                + (message.startsWith(code + ": ") ? message : code + ": " + message),
                        error,
                        false));
            case Expected.Error wanted -> refused(wanted, code, message, paths, error);
            case Expected.Open _ -> List.of();
        };
    }

    private static List<Mismatch> refused(
            Expected.Error wanted, String code, String message, List<String> paths, JsonNode error) {
        List<Mismatch> wrong = new ArrayList<>();
        if (!wanted.code().equals(code)) {
            wrong.add(new Mismatch(
                    "",
                    "",
                    "must fail with %s, but failed with %s: %s".formatted(wanted.code(), code, message),
                    error,
                    false));
        }
        if (wanted.path() != null && !paths.contains(wanted.path())) {
            wrong.add(new Mismatch(
                    "",
                    "",
                    "must be refused because of %s, but was because of %s: %s"
                            .formatted(wanted.path(), paths.isEmpty() ? "no field" : String.join(", ", paths), message),
                    error,
                    false));
        }
        if (wanted.message() != null) {
            wanted.message()
                    .check(error.path("message"))
                    .forEach(
                            each -> wrong.add(new Mismatch("", "", "has a message that " + each.text(), error, false)));
        }
        return wrong;
    }

    @Override
    public String toString() {
        return name;
    }
}
