#!/usr/bin/env python3
"""Generates the ONNX models of the benchmarks. Deterministic (fixed seeds).
Needs only python3-onnx and numpy (Debian: apt-get install python3-onnx).

  fraud-v1.onnx, fraud-v2.onnx  x[N,30] -> prob[N,1]     MLP 30-64-32-1, sigmoid; v2 = other weights,
                                                         and prob is squashed into [0.5,1] (v1: [0,0.5]),
                                                         so that a caller can tell which version answered
  mnist-mlp.onnx                x[N,784] -> probs[N,10]  MLP 784-1024-256-10, softmax; 4.3 MB of weights:
                                                         one row is memory-bound, so batching pays
  heavy-cnn.onnx                x[N,256] -> probs[N,10]  16x16 image upsampled to 64x64, 64-channel 3x3 convs;
                                                         16 conv layers, about 4.8 GFLOP per row: some 30 ms on one core
  fraud-lr.pmml                 f0..f29 -> prob          logistic regression in PMML 4.4 (for PMML servers)
"""
import os, sys
import numpy as np
from onnx import helper as h, numpy_helper as nh, TensorProto as T, checker, save

out = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
F = T.FLOAT

def init(name, a):
    return nh.from_array(np.ascontiguousarray(a), name)

def write(name, nodes, inits, n_in, y, n_out):
    g = h.make_graph(nodes, name, [h.make_tensor_value_info("x", F, ["N", n_in])],
                     [h.make_tensor_value_info(y, F, ["N", n_out])], inits)
    m = h.make_model(g, producer_name="bench", opset_imports=[h.make_opsetid("", 13)])
    m.ir_version = 7
    checker.check_model(m)
    p = os.path.join(out, name + ".onnx")
    save(m, p)
    print(p, os.path.getsize(p))

def dense(r, i, o):
    return (r.standard_normal((i, o)) * np.sqrt(2.0 / i)).astype(np.float32), np.zeros(o, np.float32)

def fraud(name, seed, lo):
    r = np.random.default_rng(seed)
    nodes, inits, x = [], [], "x"
    for k, (i, o) in enumerate([(30, 64), (64, 32), (32, 1)]):
        w, b = dense(r, i, o)
        inits += [init(f"w{k}", w), init(f"b{k}", b)]
        nodes.append(h.make_node("Gemm", [x, f"w{k}", f"b{k}"], [f"g{k}"]))
        if k < 2:
            nodes.append(h.make_node("Relu", [f"g{k}"], [f"r{k}"])); x = f"r{k}"
    inits += [init("half", np.array(0.5, np.float32)), init("lo", np.array(lo, np.float32))]
    nodes += [h.make_node("Sigmoid", ["g2"], ["s"]), h.make_node("Mul", ["s", "half"], ["h"]),
              h.make_node("Add", ["h", "lo"], ["prob"])]
    write(name, nodes, inits, 30, "prob", 1)

def mnist():
    r = np.random.default_rng(11)
    nodes, inits, x = [], [], "x"
    for k, (i, o) in enumerate([(784, 1024), (1024, 256), (256, 10)]):
        w, b = dense(r, i, o)
        inits += [init(f"w{k}", w), init(f"b{k}", b)]
        nodes.append(h.make_node("Gemm", [x, f"w{k}", f"b{k}"], [f"g{k}"]))
        if k < 2:
            nodes.append(h.make_node("Relu", [f"g{k}"], [f"r{k}"])); x = f"r{k}"
    nodes.append(h.make_node("Softmax", ["g2"], ["probs"], axis=1))
    write("mnist-mlp", nodes, inits, 784, "probs", 10)

def heavy(layers=16, ch=64):
    r = np.random.default_rng(12)
    inits = [init("shape", np.array([-1, 1, 16, 16], np.int64)), init("roi", np.array([], np.float32)),
             init("scales", np.array([1, 1, 4, 4], np.float32))]
    nodes = [h.make_node("Reshape", ["x", "shape"], ["img"]),
             h.make_node("Resize", ["img", "roi", "scales"], ["up"], mode="nearest")]
    x, ci = "up", 1
    for k in range(layers + 1):
        w = (r.standard_normal((ch, ci, 3, 3)) * np.sqrt(2.0 / (ci * 9))).astype(np.float32)
        inits += [init(f"c{k}", w), init(f"cb{k}", np.zeros(ch, np.float32))]
        nodes += [h.make_node("Conv", [x, f"c{k}", f"cb{k}"], [f"o{k}"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
                  h.make_node("Relu", [f"o{k}"], [f"q{k}"])]
        x, ci = f"q{k}", ch
    w, b = dense(r, ch, 10)
    inits += [init("fw", w), init("fb", b)]
    nodes += [h.make_node("GlobalAveragePool", [x], ["gap"]), h.make_node("Flatten", ["gap"], ["flat"]),
              h.make_node("Gemm", ["flat", "fw", "fb"], ["lg"]), h.make_node("Softmax", ["lg"], ["probs"], axis=1)]
    write("heavy-cnn", nodes, inits, 256, "probs", 10)

def pmml():
    r = np.random.default_rng(13)
    f = [f"f{i}" for i in range(30)]
    c = r.standard_normal(30)
    x = ['<?xml version="1.0" encoding="UTF-8"?>', '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">',
         '<Header copyright="bench"/>', '<DataDictionary>']
    x += [f'<DataField name="{n}" optype="continuous" dataType="double"/>' for n in f]
    x += ['<DataField name="fraud" optype="categorical" dataType="string"><Value value="1"/><Value value="0"/></DataField>',
          '</DataDictionary>', '<RegressionModel functionName="classification" normalizationMethod="logit">', '<MiningSchema>']
    x += [f'<MiningField name="{n}"/>' for n in f]
    x += ['<MiningField name="fraud" usageType="target"/>', '</MiningSchema>',
          '<Output><OutputField name="prob" optype="continuous" dataType="double" feature="probability" value="1"/></Output>',
          '<RegressionTable targetCategory="1" intercept="-0.5">']
    x += [f'<NumericPredictor name="{n}" coefficient="{c[i]:.6f}"/>' for i, n in enumerate(f)]
    x += ['</RegressionTable>', '<RegressionTable targetCategory="0" intercept="0"/>', '</RegressionModel>', '</PMML>']
    open(os.path.join(out, "fraud-lr.pmml"), "w").write("\n".join(x) + "\n")

fraud("fraud-v1", 1, 0.0)
fraud("fraud-v2", 2, 0.5)
mnist()
heavy()
pmml()
