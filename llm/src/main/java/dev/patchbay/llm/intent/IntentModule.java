package dev.patchbay.llm.intent;

import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.llm.intent.IntentClassifier.Ranked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out what somebody wants, by rules first and by meaning after, and asks the task that does it. A task that is
/// down is skipped. What is surely none of the intents goes to the fallback.
final class IntentModule implements InferenceModule<Object, Object> {

    private final IntentRules rules;
    private @Nullable IntentClassifier classifier;

    IntentModule(IntentRules rules) {
        this.rules = rules;
    }

    @Override
    public void load(ModuleContext context) {
        if (!rules.examples().isEmpty()) {
            classifier = new IntentClassifier(rules.examples());
        }
    }

    /// Asks no other task: they may not be there yet.
    @Override
    public void warmup(List<Object> examples, Call call) {
        for (Object example : examples) {
            candidates((Map<?, ?>) example);
        }
    }

    private record Candidate(String intent, String by, double confidence) {}

    @Override
    public Object predict(Object input, Call call) {
        Map<?, ?> request = (Map<?, ?>) input;
        if (Boolean.TRUE.equals(request.get("explain"))) {
            return explained(request);
        }
        List<String> skipped = new ArrayList<>();
        for (Candidate candidate : candidates(request)) {
            IntentRules.Intent intent =
                    java.util.Objects.requireNonNull(rules.intents().get(candidate.intent()));
            try {
                return answer(
                        candidate,
                        intent.task(),
                        skipped,
                        call.infer(intent.task(), request(intent, request), Object.class));
            } catch (InferenceException e) {
                if (!isDown(e.code())) {
                    throw e;
                }
                skipped.add(intent.task());
            }
        }
        if (rules.fallback() == null) {
            throw new InferenceException(
                    ErrorCode.INVALID_REQUEST,
                    skipped.isEmpty()
                            ? "This is none of the intents %s; ask with \"explain\": true to see how sure each is"
                                    .formatted(String.join(", ", rules.intents().keySet()))
                            : "The tasks that do this are down: " + String.join(", ", skipped));
        }
        Candidate none = new Candidate("", "fallback", 0);
        return answer(none, rules.fallback(), skipped, call.infer(rules.fallback(), forwarded(request), Object.class));
    }

    private static boolean isDown(ErrorCode code) {
        return code == ErrorCode.VERSION_UNAVAILABLE
                || code == ErrorCode.CIRCUIT_OPEN
                || code == ErrorCode.OVERLOADED
                || code == ErrorCode.DEPENDENCY_FAILED;
    }

    /// Gives what may be wanted, the surest first.
    private List<Candidate> candidates(Map<?, ?> request) {
        String said = said(request);
        List<Candidate> candidates = new ArrayList<>();
        for (IntentRules.Rule rule : rules.rules()) {
            if (rule.holds(request, said)) {
                candidates.add(new Candidate(rule.intent(), "rule", 1));
            }
        }
        if (classifier != null) {
            for (Ranked ranked : classifier.rank(said)) {
                if (ranked.confidence() >= rules.floor()) {
                    candidates.add(new Candidate(ranked.intent(), "meaning", ranked.confidence()));
                }
            }
        }
        return candidates;
    }

    private Object explained(Map<?, ?> request) {
        List<Candidate> candidates = candidates(request);
        Map<String, Object> answer = new LinkedHashMap<>();
        Candidate first = candidates.isEmpty() ? new Candidate("", "fallback", 0) : candidates.getFirst();
        put(answer, first);
        if (classifier != null) {
            answer.put(
                    "ranked",
                    classifier.rank(said(request)).stream()
                            .limit(5)
                            .map(each -> Map.of("intent", each.intent(), "confidence", each.confidence()))
                            .toList());
        }
        return answer;
    }

    private String said(Map<?, ?> request) {
        return request.get(rules.text()) instanceof String text ? text : "";
    }

    private static Object answer(Candidate candidate, String task, List<String> skipped, Object answered) {
        Map<String, Object> answer = new LinkedHashMap<>();
        put(answer, candidate);
        answer.put("task", task);
        if (!skipped.isEmpty()) {
            answer.put("skipped", skipped);
        }
        answer.put("answer", answered);
        return answer;
    }

    private static void put(Map<String, Object> answer, Candidate candidate) {
        if (!candidate.intent().isEmpty()) {
            answer.put("intent", candidate.intent());
        }
        answer.put("by", candidate.by());
        answer.put("confidence", candidate.confidence());
    }

    private static Object request(IntentRules.Intent intent, Map<?, ?> request) {
        if (intent.request().isEmpty()) {
            return forwarded(request);
        }
        Map<String, Object> mapped = new LinkedHashMap<>();
        intent.request().forEach((theirs, ours) -> {
            Object value = request.get(ours);
            if (value != null) {
                mapped.put(theirs, value);
            }
        });
        return mapped;
    }

    private static Map<Object, Object> forwarded(Map<?, ?> request) {
        Map<Object, Object> copy = new LinkedHashMap<>(request);
        copy.remove("explain");
        return copy;
    }
}
