"""Requests with the features and scores that every implementation must come to: the proof that serving is training."""

import json
from pathlib import Path

import numpy as np

from features import FEATURES_3_0_0, FEATURES_3_1_0, features
from population import labelled_session, population


def event(offset: int, kind: str, intensity: float, duration: int) -> dict:
    return {"offset_s": offset, "kind": kind, "intensity": intensity, "duration_s": duration}


def case(species: str, age: int, started_at: str, minutes: int, *events: dict) -> dict:
    session = {"started_at": started_at, "minutes": minutes, "events": list(events)}
    return {"pet_id": "vector", "species": species, "age_months": age, "session": session}


EDGES = {
    "no events by day": case("dog", 38, "2026-03-02T12:00:00Z", 60),
    "no events by night": case("cat", 150, "2026-03-02T23:30:00Z", 240),
    "a single bark": case("dog", 24, "2026-03-02T09:00:00Z", 30, event(600, "bark", 0.6, 3)),
    "one minute counts as ten for rates": case(
        "dog", 24, "2026-03-02T09:00:00Z", 1, event(5, "walk", 0.4, 20), event(30, "bark", 0.9, 2)
    ),
    "an event longer than the session ends with it": case(
        "cat", 60, "2026-03-02T15:00:00Z", 20, event(900, "rest", 0.05, 4000)
    ),
    "events from the end of the session on do not count": case(
        "dog", 60, "2026-03-02T15:00:00Z", 10,
        event(599, "walk", 0.5, 9), event(600, "run", 0.9, 60), event(7200, "bark", 1.0, 5),
    ),
    "events out of order are sorted": case(
        "dog", 60, "2026-03-02T15:00:00Z", 30,
        event(900, "rest", 0.05, 120), event(0, "walk", 0.4, 300), event(400, "run", 0.8, 200),
        event(620, "scratch", 0.5, 9),
    ),
    "events at one offset keep their order": case(
        "dog", 60, "2026-03-02T15:00:00Z", 30,
        event(100, "walk", 0.4, 60), event(100, "rest", 0.05, 60), event(100, "walk", 0.5, 60),
        event(100, "play", 0.7, 60),
    ),
    "overlapping bouts fill at most the session": case(
        "dog", 60, "2026-03-02T15:00:00Z", 10,
        event(0, "walk", 0.4, 600), event(10, "play", 0.7, 590), event(20, "rest", 0.1, 580),
    ),
    "bouts of no length are bouts": case(
        "cat", 12, "2026-03-02T15:00:00Z", 15,
        event(10, "walk", 0.3, 0), event(20, "rest", 0.0, 0), event(30, "run", 1.0, 0),
    ),
    "rest of 179 s is short, of 180 s is not": case(
        "cat", 12, "2026-03-02T15:00:00Z", 60, event(0, "rest", 0.0, 179), event(179, "rest", 0.0, 180)
    ),
    "the night begins at 22:00": case("dog", 90, "2026-03-02T21:00:00Z", 90, event(0, "rest", 0.05, 5400)),
    "the night ends at 06:00": case("dog", 90, "2026-03-02T05:15:30Z", 90, event(0, "rest", 0.05, 5400)),
    "a whole day holds eight hours of night": case(
        "cat", 100, "2026-03-02T23:59:59Z", 1440, event(0, "rest", 0.05, 40000), event(86399, "drink", 0.5, 30)
    ),
    "windows of ten minutes begin with the session": case(
        "dog", 40, "2026-03-02T18:00:00Z", 25,
        event(590, "walk", 0.4, 8), event(599, "bark", 0.5, 1), event(600, "bark", 0.5, 1),
        event(601, "scratch", 0.5, 1), event(610, "rest", 0.1, 30), event(640, "walk", 0.4, 30),
        event(1199, "bark", 0.5, 1), event(1200, "run", 0.9, 30),
    ),
    "far outside of what was learned": case(
        "dog", 360, "2026-03-02T23:00:00Z", 5,
        *(event(i % 300, ("bark", "walk", "rest", "scratch", "run")[i % 5], 1.0, 1) for i in range(500)),
    ),
}


def write(path: Path, score) -> None:
    """`score` gives the score of a version for float32 rows."""
    cases = dict(EDGES)
    rng = np.random.default_rng(20260304)
    pets = [pet for pet in population(rng, 40) if pet.age_months < 200]
    while len(cases) < len(EDGES) + 8:
        asked, restless = labelled_session(rng, pets[int(rng.integers(len(pets)))])
        count = len(cases) - len(EDGES)
        if 5 <= len(asked["session"]["events"]) <= 90 and restless == count % 2:
            cases[f"a session as in training, {count + 1}"] = asked
    rows = np.array([features(asked) for asked in cases.values()], np.float32)
    names = {"3.0.0": FEATURES_3_0_0, "3.1.0": FEATURES_3_1_0}
    scores = {version: score(version, rows[:, : len(names[version])]) for version in names}
    vectors = [
        {
            "name": name,
            "request": asked,
            "expected": {
                version: {
                    "features": [float(str(x)) for x in rows[i, : len(names[version])]],
                    "score": float(str(np.float32(scores[version][i]))),
                }
                for version in names
            },
        }
        for i, (name, asked) in enumerate(cases.items())
    ]
    head = {"features": names, "feature_tolerance": 1e-6, "score_tolerance": 1e-5}
    lines = ",\n".join("    " + json.dumps(v, separators=(", ", ": ")) for v in vectors)
    path.write_text(json.dumps(head, indent=2)[:-2] + ',\n  "vectors": [\n' + lines + "\n  ]\n}\n")
    print(f"{len(vectors)} vectors written to {path.name}")
