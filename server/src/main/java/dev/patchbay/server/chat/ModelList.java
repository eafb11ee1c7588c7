package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tasks that can be asked, as OpenAI's list of models.
final class ModelList {

    private final Supplier<List<ModuleStatus>> modules;

    ModelList(Supplier<List<ModuleStatus>> modules) {
        this.modules = modules;
    }

    private Map<String, ObjectNode> models() {
        Map<String, ObjectNode> models = new TreeMap<>();
        for (ModuleStatus module : modules.get()) {
            if (module.key() != null
                    && module.descriptor() != null
                    && module.state().isLoaded()) {
                models.put(
                        module.key().task(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("id", module.key().task())
                                .put("object", "model")
                                .put("created", module.state().since().getEpochSecond())
                                .put("owned_by", module.descriptor().owner()));
            }
        }
        return models;
    }

    Answer list() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        models().values().forEach(data::add);
        return Answers.json(200, list);
    }

    Answer one(String model) {
        ObjectNode found = models().get(model);
        return found == null
                ? Answers.json(
                        404,
                        OpenAiProtocol.errorBody(
                                ErrorCode.UNKNOWN_TASK,
                                "There is no task '%s' that is ready; GET /v1/models lists those".formatted(model)))
                : Answers.json(200, found);
    }
}
