"""Writes a scoring model as ONNX and runs what was written, to prove that the file says what was trained."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper

OPSET = 13
IR_VERSION = 8


def write(path: Path, version: str, names: tuple[str, ...], scaling: dict, layers: list) -> None:
    """features[N,k] → clip to the trained range → (log1p) → standardise → dense layers → score[N,1]."""
    nodes, weights = [], []

    def constant(name: str, value) -> str:
        weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def node(kind: str, inputs: list[str], output: str, **attributes) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    at = node("Max", ["features", constant("lowest", scaling["lowest"])], "not_below")
    at = node("Min", [at, constant("highest", scaling["highest"])], "in_range")
    if scaling["log1p"]:
        at = node("Log", [node("Add", [at, constant("one", [1.0])], "plus_one")], "logarithm")
    at = node("Sub", [at, constant("mean", scaling["mean"])], "centred")
    at = node("Div", [at, constant("deviation", scaling["deviation"])], "standardised")
    for number, (matrix, bias) in enumerate(layers):
        last = number == len(layers) - 1
        inputs = [at, constant(f"weight_{number}", matrix), constant(f"bias_{number}", bias)]
        at = node("Gemm", inputs, f"dense_{number}")
        at = node("Sigmoid" if last else "Relu", [at], "score" if last else f"active_{number}")

    graph = helper.make_graph(
        nodes,
        f"behavior_score_{version}",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", len(names)])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N", 1])],
        weights,
        doc_string="Probability that a pet's collar session is restless.",
    )
    model = helper.make_model(graph, producer_name="patchbay-pets", opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    helper.set_model_props(model, {"version": version, "features": ",".join(names)})
    checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))


OPERATORS = {
    "Max": np.maximum,
    "Min": np.minimum,
    "Add": np.add,
    "Sub": np.subtract,
    "Div": np.divide,
    "Log": np.log,
    "Gemm": lambda x, matrix, bias: x @ matrix + bias,
    "Relu": lambda x: np.maximum(x, np.float32(0)),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def run(path: Path, rows: np.ndarray) -> np.ndarray:
    """The scores that the written file gives."""
    model = onnx.load(str(path))
    checker.check_model(model, full_check=True)
    values = {w.name: numpy_helper.to_array(w) for w in model.graph.initializer}
    values["features"] = rows.astype(np.float32)
    for node in model.graph.node:
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input))
    return values["score"][:, 0]
