"""Logistic regression and a small multi-layer perceptron, both as dense layers trained by Adam."""

import numpy as np


def scaling_of(rows: np.ndarray, log1p: bool) -> dict:
    """Clips to what was learned from, less the highest 0.2 %, so that no strange input runs away with the score."""
    lowest, highest = rows.min(axis=0), np.quantile(rows, 0.998, axis=0)
    inside = np.clip(rows, lowest, highest)
    inside = np.log1p(inside) if log1p else inside
    return {
        "lowest": lowest,
        "highest": highest,
        "log1p": log1p,
        "mean": inside.mean(axis=0),
        "deviation": np.maximum(inside.std(axis=0), 1e-6),
    }


def scaled(rows: np.ndarray, scaling: dict) -> np.ndarray:
    inside = np.clip(rows, scaling["lowest"], scaling["highest"])
    inside = np.log1p(inside) if scaling["log1p"] else inside
    return (inside - scaling["mean"]) / scaling["deviation"]


def train(rng: np.random.Generator, rows, labels, check_rows, check_labels, hidden: list[int], decay: float) -> list:
    """The layers that were best on the check set; no hidden layer makes it a logistic regression."""
    sizes = [rows.shape[1], *hidden, 1]
    layers = [
        (rng.standard_normal((a, b)) * np.sqrt((2.0 if hidden else 0.1) / a), np.zeros(b))
        for a, b in zip(sizes, sizes[1:])
    ]
    moments = [[np.zeros_like(p), np.zeros_like(p)] for layer in layers for p in layer]
    best, best_loss, patience, step = layers, np.inf, 0, 0
    for epoch in range(200):
        rate = 0.004 * 0.985**epoch
        order = rng.permutation(len(rows))
        for part in np.array_split(order, max(1, len(rows) // 128)):
            step += 1
            gradients = backward(layers, rows[part], labels[part], decay)
            layers = adam(layers, gradients, moments, rate, step)
        loss = log_loss(check_labels, logits(layers, check_rows))
        if loss < best_loss - 1e-5:
            best, best_loss, patience = layers, loss, 0
        else:
            patience += 1
            if patience == 25:
                break
    return best


def logits(layers: list, rows: np.ndarray) -> np.ndarray:
    return forward(layers, rows)[-1][:, 0]


def forward(layers: list, rows: np.ndarray) -> list[np.ndarray]:
    outputs = [rows]
    for number, (matrix, bias) in enumerate(layers):
        out = outputs[-1] @ matrix + bias
        outputs.append(out if number == len(layers) - 1 else np.maximum(out, 0))
    return outputs


def backward(layers: list, rows: np.ndarray, labels: np.ndarray, decay: float) -> list[np.ndarray]:
    outputs = forward(layers, rows)
    error = (sigmoid(outputs[-1]) - labels[:, None]) / len(rows)
    gradients = []
    for number in range(len(layers) - 1, -1, -1):
        matrix, _ = layers[number]
        gradients = [outputs[number].T @ error + decay * matrix, error.sum(axis=0), *gradients]
        if number:
            error = (error @ matrix.T) * (outputs[number] > 0)
    return gradients


def adam(layers: list, gradients: list, moments: list, rate: float, step: int) -> list:
    moved = []
    for parameter, gradient, moment in zip((p for layer in layers for p in layer), gradients, moments):
        moment[0] = 0.9 * moment[0] + 0.1 * gradient
        moment[1] = 0.999 * moment[1] + 0.001 * gradient**2
        first, second = moment[0] / (1 - 0.9**step), moment[1] / (1 - 0.999**step)
        moved.append(parameter - rate * first / (np.sqrt(second) + 1e-8))
    return list(zip(moved[::2], moved[1::2]))


def calibrated(layers: list, rows: np.ndarray, labels: np.ndarray) -> list:
    """Platt's line through the logits of rows that were not trained on, folded into the last layer."""
    raw = logits(layers, rows)
    design = np.stack([raw, np.ones_like(raw)], axis=1)
    line = np.array([1.0, 0.0])
    for _ in range(25):  # Newton's method; two unknowns
        p = sigmoid(design @ line)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + 1e-9 * np.eye(2)
        line = line - np.linalg.solve(hessian, design.T @ (p - labels))
    matrix, bias = layers[-1]
    return [*layers[:-1], (matrix * line[0], bias * line[0] + line[1])]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def log_loss(labels: np.ndarray, raw: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0, raw) - labels * raw))
