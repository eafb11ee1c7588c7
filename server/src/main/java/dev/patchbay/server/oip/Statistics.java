package dev.patchbay.server.oip;

import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallTotals;
import dev.patchbay.core.telemetry.CallTotals.Sum;
import dev.patchbay.oip.v2.InferStatistics;
import dev.patchbay.oip.v2.ModelStatistics;
import dev.patchbay.oip.v2.StatisticDuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The [statistics
/// extension](https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md), out
/// of the meters in which every call is recorded. A request counts as one, however many rows it has.
final class Statistics {

    private final CallLedger ledger;
    private final ModelDirectory models;

    Statistics(CallLedger ledger, ModelDirectory models) {
        this.ledger = ledger;
        this.models = models;
    }

    /// Tells what versions did since they came.
    ///
    /// @param name null for all models
    /// @param version null for all versions
    /// @throws dev.patchbay.api.InferenceException if there is no such model or version
    List<ModelStatistics> of(@Nullable String name, @Nullable String version) {
        List<ModelStatistics> found = ledger.totals().entrySet().stream()
                .filter(entry -> name == null || entry.getKey().task().equals(name))
                .filter(entry -> version == null || entry.getKey().version().equals(version))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> statistics(entry.getKey(), entry.getValue()))
                .toList();
        if (found.isEmpty() && name != null) {
            models.ready(name, version, null);
        }
        return found;
    }

    private static ModelStatistics statistics(ModuleKey key, CallTotals totals) {
        Sum model = totals.stage(Stage.MODEL);
        Sum rest = totals.stage(Stage.POSTPROCESS);
        Sum encode = totals.stage(Stage.ENCODE);
        // a module that runs no model of the host is all model
        boolean runsModels = model.count() > 0;
        return ModelStatistics.newBuilder()
                .setName(key.task())
                .setVersion(key.version())
                .setLastInference(totals.lastMillis())
                .setInferenceCount(
                        Math.max(0, totals.answered().count() - totals.shared().count()))
                .setExecutionCount(totals.runs())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(duration(totals.answered()))
                        .setFail(duration(totals.failed()))
                        .setQueue(duration(totals.stage(Stage.QUEUE)))
                        .setComputeInput(duration(both(totals.stage(Stage.DECODE), totals.stage(Stage.PREPROCESS))))
                        .setComputeInfer(duration(runsModels ? model : rest))
                        .setComputeOutput(duration(runsModels ? both(encode, rest) : encode))
                        .setCacheHit(duration(totals.shared()))
                        .setCacheMiss(duration(new Sum(totals.misses(), 0))))
                .build();
    }

    /// @param counted whose count stands
    private static Sum both(Sum counted, Sum added) {
        return new Sum(counted.count(), counted.nanos() + added.nanos());
    }

    private static StatisticDuration duration(Sum sum) {
        return StatisticDuration.newBuilder()
                .setCount(sum.count())
                .setNs(sum.nanos())
                .build();
    }

    static ObjectNode json(List<ModelStatistics> models) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("model_stats");
        for (ModelStatistics model : models) {
            InferStatistics calls = model.getInferenceStats();
            ObjectNode told = list.addObject()
                    .put("name", model.getName())
                    .put("version", model.getVersion())
                    .put("last_inference", model.getLastInference())
                    .put("inference_count", model.getInferenceCount())
                    .put("execution_count", model.getExecutionCount());
            ObjectNode stats = told.putObject("inference_stats");
            put(stats, "success", calls.getSuccess());
            put(stats, "fail", calls.getFail());
            put(stats, "queue", calls.getQueue());
            put(stats, "compute_input", calls.getComputeInput());
            put(stats, "compute_infer", calls.getComputeInfer());
            put(stats, "compute_output", calls.getComputeOutput());
            put(stats, "cache_hit", calls.getCacheHit());
            put(stats, "cache_miss", calls.getCacheMiss());
            told.putObject("response_stats");
            told.putArray("batch_stats");
            told.putArray("memory_usage");
        }
        return answer;
    }

    private static void put(ObjectNode stats, String name, StatisticDuration duration) {
        stats.putObject(name).put("count", duration.getCount()).put("ns", duration.getNs());
    }
}
