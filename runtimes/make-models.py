#!/usr/bin/env python3
"""Makes the small models of the runtimes' tests. They are committed; run this only to change them.

Needs Python 3 with numpy, onnx and torch (Debian: python3-numpy python3-onnx python3-torch). The SavedModel is made by
dev.patchbay.runtime.tensorflow.SavedModels in the tests of runtimes/tensorflow.

The flower classifier is the same in every format: four measures in, the probabilities of three kinds out,
softmax(W x + b). Its numbers are sums of powers of two, so that every format holds them exactly.
"""
import os
import zipfile

import numpy as np
import torch
from onnx import TensorProto, checker, helper, numpy_helper, save
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["setosa", "versicolor", "virginica"]
MEASURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
W = [[0.5, 1.0, -2.0, -1.0], [0.25, -0.5, 0.5, -0.75], [-1.0, -0.5, 1.5, 2.0]]
B = [1.0, 0.5, -2.0]


def path(*names):
    target = os.path.join(HERE, *names)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    return target


# --- ONNX ---

def onnx(file, nodes, inputs, outputs, constants=(), opset=15):
    graph = helper.make_graph(nodes, "model", inputs, outputs, list(constants))
    model = helper.make_model(graph, producer_name="patchbay", opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    checker.check_model(model)
    save(model, file)


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def onnx_flower():
    onnx(
        path("agreement", "src", "test", "models", "onnx", "flower.onnx"),
        [
            helper.make_node("Gemm", ["x", "w", "b"], ["logits"], transB=1),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        [value("x", TensorProto.FLOAT, ["N", 4])],
        [value("probabilities", TensorProto.FLOAT, ["N", 3])],
        [
            numpy_helper.from_array(np.array(W, np.float32), "w"),
            numpy_helper.from_array(np.array(B, np.float32), "b"),
        ],
    )


def onnx_types():
    """Gives back a tensor of each type."""
    kinds = ["FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "BOOL", "STRING"]
    names = [kind.lower() for kind in kinds]
    onnx(
        path("onnx", "src", "test", "resources", "types.onnx"),
        [helper.make_node("Identity", [name], [name + "_out"]) for name in names],
        [value(name, getattr(TensorProto, kind), ["N", "M"]) for name, kind in zip(names, kinds)],
        [value(name + "_out", getattr(TensorProto, kind), ["N", "M"]) for name, kind in zip(names, kinds)],
    )
    unsigned = ["UINT16", "UINT32", "UINT64"]
    onnx(
        path("onnx", "src", "test", "resources", "unsigned.onnx"),
        [helper.make_node("Cast", ["x"], [k.lower()], to=getattr(TensorProto, k)) for k in unsigned],
        [value("x", TensorProto.INT64, ["N"])],
        [value(k.lower(), getattr(TensorProto, k), ["N"]) for k in unsigned],
    )
    for kind in unsigned:
        onnx(
            path("onnx", "src", "test", "resources", kind.lower() + ".onnx"),
            [helper.make_node("Identity", ["x"], ["y"])],
            [value("x", getattr(TensorProto, kind), ["N"])],
            [value("y", getattr(TensorProto, kind), ["N"])],
        )


def onnx_pair():
    """Two inputs of other types, one axis shared and open; two outputs."""
    onnx(
        path("onnx", "src", "test", "resources", "pair.onnx"),
        [
            helper.make_node("Cast", ["count"], ["counted"], to=TensorProto.FLOAT),
            helper.make_node("MatMul", ["left", "right"], ["product"]),
            helper.make_node("Mul", ["left", "counted"], ["scaled"]),
        ],
        [
            value("left", TensorProto.FLOAT, ["A", "B"]),
            value("right", TensorProto.FLOAT, ["B", 2]),
            value("count", TensorProto.INT64, []),
        ],
        [value("product", TensorProto.FLOAT, ["A", 2]), value("scaled", TensorProto.FLOAT, ["A", "B"])],
    )


def onnx_sum():
    """Two inputs that are added, with a size of its own name each, and a text that must be a number."""
    onnx(
        path("onnx", "src", "test", "resources", "sum.onnx"),
        [
            helper.make_node("Add", ["left", "right"], ["sum"]),
            helper.make_node("Cast", ["number"], ["parsed"], to=TensorProto.INT64),
        ],
        [
            value("left", TensorProto.FLOAT, ["A"]),
            value("right", TensorProto.FLOAT, ["B"]),
            value("number", TensorProto.STRING, []),
        ],
        [value("sum", TensorProto.FLOAT, ["C"]), value("parsed", TensorProto.INT64, [])],
    )


def onnx_fraud():
    """The model of docs/oip.md: 0.83 for a first feature of 0.5."""
    onnx(
        path("..", "server", "src", "test", "resources", "fraud.onnx"),
        [helper.make_node("MatMul", ["features", "w"], ["score"])],
        [value("features", TensorProto.FLOAT, ["N", 3])],
        [value("score", TensorProto.FLOAT, ["N", 1])],
        [numpy_helper.from_array(np.array([[1.66], [0], [0]], np.float32), "w")],
    )


# --- TorchScript ---

class Flower(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(W))
        self.b = nn.Parameter(torch.tensor(B))

    def forward(self, x):
        return torch.softmax(nn.functional.linear(x, self.w, self.b), 1)


class Same(nn.Module):
    def forward(self, x):
        return x


class Sums(nn.Module):
    """Two inputs, a dictionary of outputs, and an argument that may be left out."""

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, scale: float = 1.0):
        return {"total": (ids * mask).sum(1), "mean": ids.double().mean(1) * scale}


class Both(nn.Module):
    def forward(self, x):
        return x + 1, x.sum(1)


class Broken(nn.Module):
    """Fails on negative numbers, and has a kind of answer that is no tensor for none."""

    def forward(self, x):
        if bool((x < 0).any()):
            raise RuntimeError("a number is negative")
        return x


class Short(nn.Module):
    def forward(self, x):
        return x.to(torch.int16)


class Number(nn.Module):
    def forward(self, x):
        return 42


def save_script(model, file):
    """Saves without the positions in this file, which change with every line of it."""
    model.save(file)
    with zipfile.ZipFile(file) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist() if not name.endswith(".debug_pkl")]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content)


def torchscript():
    resources = ["torchscript", "src", "test", "resources"]
    flower = torch.jit.script(Flower())
    save_script(flower, path("agreement", "src", "test", "models", "torchscript", "flower.pt"))
    save_script(flower, path(*resources, "flower.pt"))
    save_script(torch.jit.trace(Both(), torch.ones(2, 3)), path(*resources, "both.pt"))
    for name, model in {"same": Same(), "sums": Sums(), "broken": Broken(), "number": Number(), "short": Short()}.items():
        save_script(torch.jit.script(model), path(*resources, name + ".pt"))
    torch.save(Flower().state_dict(), path(*resources, "weights.pt"))


# --- PMML ---

def pmml():
    fields = "\n".join(f'    <DataField name="{m}" optype="continuous" dataType="double"/>' for m in MEASURES)
    kinds = "\n".join(f'      <Value value="{kind}"/>' for kind in KINDS)
    mining = "\n".join(f'      <MiningField name="{m}"/>' for m in MEASURES)
    outputs = "\n".join(
        f'      <OutputField name="{kind}" optype="continuous" dataType="double" feature="probability" value="{kind}"/>'
        for kind in KINDS
    )
    tables = "\n".join(
        f'    <RegressionTable targetCategory="{kind}" intercept="{b}">\n'
        + "\n".join(f'      <NumericPredictor name="{m}" coefficient="{w}"/>' for m, w in zip(MEASURES, row))
        + "\n    </RegressionTable>"
        for kind, b, row in zip(KINDS, B, W)
    )
    with open(path("agreement", "src", "test", "models", "pmml", "flower.pmml"), "w") as file:
        file.write(f"""<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header/>
  <DataDictionary>
{fields}
    <DataField name="kind" optype="categorical" dataType="string">
{kinds}
    </DataField>
  </DataDictionary>
  <RegressionModel functionName="classification" normalizationMethod="softmax">
    <MiningSchema>
{mining}
      <MiningField name="kind" usageType="target"/>
    </MiningSchema>
    <Output>
      <OutputField name="kind" optype="categorical" dataType="string" feature="predictedValue"/>
{outputs}
    </Output>
{tables}
  </RegressionModel>
</PMML>
""")


if __name__ == "__main__":
    torch.manual_seed(0)
    onnx_flower()
    onnx_types()
    onnx_pair()
    onnx_sum()
    onnx_fraud()
    torchscript()
    pmml()
