package dev.patchbay.server.oip;

import com.google.protobuf.Message;
import dev.patchbay.api.TensorType;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.oip.tensor.TensorContents;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelInferResponse.InferOutputTensor;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import java.util.List;
import java.util.function.Function;

/// An answer as gRPC sends it: raw, or by type to those who ask so, as far as types have a form of their own.
///
/// @param envelope what is sent around a response
record GrpcAnswer(Function<ModelInferResponse, Message> envelope) implements InferDialect.Form {

    @Override
    public byte[] write(Callee callee, InferRequest request, List<NamedTensor> outputs) {
        ModelInferResponse.Builder response =
                ModelInferResponse.newBuilder().setModelName(callee.task()).setModelVersion(callee.version());
        if (request.id() != null) {
            response.setId(request.id());
        }
        boolean raw = request.binaryOutput() || outputs.stream().anyMatch(GrpcAnswer::onlyRaw);
        for (NamedTensor output : outputs) {
            InferOutputTensor.Builder tensor = InferOutputTensor.newBuilder()
                    .setName(output.name())
                    .setDatatype(output.tensor().type().name());
            for (long size : output.tensor().shape()) {
                tensor.addShape(size);
            }
            if (raw) {
                response.addRawOutputContents(TensorContents.raw(output.tensor()));
            } else {
                tensor.setContents(TensorContents.of(output.tensor()));
            }
            response.addOutputs(tensor);
        }
        return GrpcMessages.framed(envelope.apply(response.build()));
    }

    private static boolean onlyRaw(NamedTensor output) {
        TensorType type = output.tensor().type();
        return type == TensorType.FP16 || type == TensorType.BF16;
    }
}
