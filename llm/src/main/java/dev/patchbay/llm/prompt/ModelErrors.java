package dev.patchbay.llm.prompt;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.model.ModelFailed;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Says to a caller why no model answered.
final class ModelErrors {

    private ModelErrors() {}

    /// @param late whether the time of the call is up, which then is the reason
    static InferenceException of(String model, ModelFailed failed, boolean late) {
        List<ProviderFailure> failures = failed.failures();
        ProviderFailure last = failures.getLast();
        if (late) {
            return new InferenceException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "Model '%s' gave no whole answer before the time of the call was up. %s"
                            .formatted(model, last.getMessage()),
                    List.of(),
                    null,
                    failed);
        }
        if (failed.seen()) {
            return InferenceException.dependency(
                    "The answer of model '%s' broke off; what came so far is not whole. %s"
                            .formatted(model, last.getMessage()),
                    failed);
        }
        String reasons =
                failures.stream().map(ProviderFailure::getMessage).distinct().collect(Collectors.joining(". "));
        String message = "Model '%s' gave no answer. %s".formatted(model, reasons);
        if (last.kind() == Kind.TOO_LONG) {
            return new InferenceException(ErrorCode.INVALID_REQUEST, message, List.of(), null, failed);
        }
        if (failures.stream().allMatch(each -> each.kind() == Kind.RATE_LIMITED || each.kind() == Kind.OVERLOADED)) {
            Duration soonest = failures.stream()
                    .map(each -> each.retryAfter().orElse(null))
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(Duration.ofSeconds(1));
            return new InferenceException(ErrorCode.OVERLOADED, message, List.of(), soonest, failed);
        }
        return InferenceException.dependency(message, failed);
    }
}
