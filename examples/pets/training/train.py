#!/usr/bin/env python3
"""Trains behavior_score 3.0.0 and 3.1.0 on generated sessions and writes the two models and the test vectors.

    apt-get install python3-numpy python3-onnx
    python3 train.py
"""

import json
from pathlib import Path

import numpy as np

import graph
import learn
import metrics
import vectors
from features import FEATURES_3_0_0, FEATURES_3_1_0, features
from population import labelled_session, population

HERE = Path(__file__).resolve().parent
PETS = HERE.parent
SEED = 20260301
SESSIONS_EACH = 16
SIZES = {"training": 600, "check": 200, "test": 300}  # pets; no pet is in two of them

VERSIONS = {
    "3.0.0": {"names": FEATURES_3_0_0, "hidden": [], "log1p": False, "decay": 1e-4},
    "3.1.0": {"names": FEATURES_3_1_0, "hidden": [24, 12], "log1p": True, "decay": 1e-3},
}


def model_file(version: str) -> Path:
    return PETS / f"behavior-score-{version}" / "src" / "main" / "resources" / "behavior.onnx"


def generate(rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    rows, labels, owners = [], [], []
    for number, pet in enumerate(population(rng, size)):
        for _ in range(SESSIONS_EACH):
            asked, restless = labelled_session(rng, pet)
            rows.append(features(asked))
            labels.append(restless)
            owners.append(number)
    return {"rows": np.array(rows), "labels": np.array(labels), "pets": np.array(owners)}


def train(version: str, how: dict, data: dict) -> None:
    wide = len(how["names"])
    rows = {part: d["rows"][:, :wide] for part, d in data.items()}
    labels = {part: d["labels"] for part, d in data.items()}
    scaling = learn.scaling_of(rows["training"], how["log1p"])
    inside = {part: learn.scaled(r, scaling) for part, r in rows.items()}
    layers = learn.train(
        np.random.default_rng([SEED, 2]),
        inside["training"], labels["training"],
        inside["check"], labels["check"],
        how["hidden"], how["decay"],
    )
    layers = learn.calibrated(layers, inside["check"], labels["check"])
    path = model_file(version)
    graph.write(path, version, how["names"], scaling, layers)

    scores = graph.run(path, rows["test"])
    furthest = np.abs(scores - learn.sigmoid(learn.logits(layers, inside["test"]))).max()
    assert furthest < 1e-4, f"the written graph is {furthest} away from the trained model"
    hidden = how["hidden"] or "none"
    print(f"\nbehavior_score {version}: {path.stat().st_size} bytes, {wide} features, hidden layers {hidden}")
    whole = data["test"]["rows"]
    cat, night = whole[:, 8] == 1, whole[:, 7] > 0.5
    groups = {"dogs": ~cat, "cats": cat, "day": ~night, "night": night}
    metrics.report(np.random.default_rng([SEED, 3]), labels["test"], scores, data["test"]["pets"], groups)


def score_requests() -> None:
    """The request files of the example must come out as their names say."""
    files = sorted((PETS / "requests").glob("behavior_score*.json"))
    rows = np.array([features(json.loads(f.read_text())) for f in files])
    scores = {v: graph.run(model_file(v), rows[:, : len(how["names"])]) for v, how in VERSIONS.items()}
    print("\nscores of the request files        3.0.0   3.1.0")
    for number, file in enumerate(files):
        print(f"  {file.stem:32s} {scores['3.0.0'][number]:.3f}   {scores['3.1.0'][number]:.3f}")
    stems = [f.stem.removeprefix("behavior_score-") for f in files]
    for version, values in scores.items():
        of = dict(zip(stems, values))
        assert of["restless-night"] > 0.6 > 0.3 > of["calm-day"], f"{version} does not tell a bad night from a calm day"
        assert of["empty-session"] < 0.2, f"{version} finds an empty session restless"


def main() -> None:
    data = {part: generate(np.random.default_rng([SEED, n]), size) for n, (part, size) in enumerate(SIZES.items(), 10)}
    for part, d in data.items():
        print(f"{part:9s} {len(d['labels'])} sessions of {SIZES[part]} pets, {d['labels'].mean():.1%} restless")
    for version, how in VERSIONS.items():
        train(version, how, data)
    vectors.write(HERE / "vectors.json", lambda version, rows: graph.run(model_file(version), rows))
    score_requests()


if __name__ == "__main__":
    main()
