"""Synthetic collar sessions: what a pet does minute by minute, and whether its carer called it restless."""

from dataclasses import dataclass
from math import exp, log

import numpy as np

MOST_EVENTS = 500  # the collar ends a session that fills its memory


@dataclass(frozen=True)
class Pet:
    """A pet and what sets it apart; the traits are about 0 for the ordinary pet."""

    pet_id: str
    species: str
    age_months: int
    energy: float = 0.0
    voice: float = 0.0
    itch: float = 0.0
    nerves: float = 0.0


@dataclass(frozen=True)
class Mood:
    """How time is spent: the weight of each posture, its typical bout in seconds, its intensity; moments per hour."""

    weight: dict[str, float]
    bout: dict[str, float]
    intensity: dict[str, float]
    per_hour: dict[str, float]
    spread: float = 0.16


MOODS = {
    "outing": Mood(
        weight={"walk": 0.58, "run": 0.16, "play": 0.12, "rest": 0.14},
        bout={"walk": 95, "run": 35, "play": 60, "rest": 50},
        intensity={"walk": 0.42, "run": 0.82, "play": 0.68},
        per_hour={"bark": 4.0, "scratch": 1.5, "drink": 1.5},
    ),
    "playtime": Mood(
        weight={"walk": 0.25, "run": 0.20, "play": 0.38, "rest": 0.17},
        bout={"walk": 30, "run": 22, "play": 55, "rest": 60},
        intensity={"walk": 0.40, "run": 0.84, "play": 0.74},
        per_hour={"bark": 7.0, "scratch": 1.5, "drink": 3.0},
    ),
    "home": Mood(
        weight={"walk": 0.34, "run": 0.02, "play": 0.08, "rest": 0.56},
        bout={"walk": 45, "run": 15, "play": 50, "rest": 780},
        intensity={"walk": 0.36, "run": 0.72, "play": 0.60},
        per_hour={"bark": 1.2, "scratch": 1.5, "drink": 0.7},
    ),
    "night": Mood(
        weight={"walk": 0.24, "run": 0.01, "play": 0.01, "rest": 0.74},
        bout={"walk": 35, "run": 12, "play": 30, "rest": 1500},
        intensity={"walk": 0.30, "run": 0.70, "play": 0.55},
        per_hour={"bark": 0.2, "scratch": 0.8, "drink": 0.25},
    ),
    # What looks like trouble and is none.
    "zoomies": Mood(
        weight={"walk": 0.15, "run": 0.50, "play": 0.30, "rest": 0.05},
        bout={"walk": 12, "run": 16, "play": 25, "rest": 15},
        intensity={"walk": 0.45, "run": 0.90, "play": 0.80},
        per_hour={"bark": 6.0, "scratch": 2.0, "drink": 1.0},
        spread=0.20,
    ),
    "doorbell": Mood(
        weight={"walk": 0.40, "run": 0.35, "play": 0.15, "rest": 0.10},
        bout={"walk": 20, "run": 15, "play": 25, "rest": 20},
        intensity={"walk": 0.50, "run": 0.80, "play": 0.66},
        per_hour={"bark": 160.0, "scratch": 1.0, "drink": 1.0},
    ),
    # What is trouble: hardly any play, short even walks, rest that does not last.
    "pacing": Mood(
        weight={"walk": 0.56, "run": 0.02, "play": 0.01, "rest": 0.41},
        bout={"walk": 48, "run": 12, "play": 15, "rest": 42},
        intensity={"walk": 0.40, "run": 0.66, "play": 0.50},
        per_hour={"bark": 6.0, "scratch": 5.0, "drink": 3.5},
        spread=0.06,
    ),
    "calling": Mood(
        weight={"walk": 0.46, "run": 0.04, "play": 0.01, "rest": 0.49},
        bout={"walk": 34, "run": 14, "play": 15, "rest": 75},
        intensity={"walk": 0.42, "run": 0.68, "play": 0.50},
        per_hour={"bark": 75.0, "scratch": 3.0, "drink": 2.5},
        spread=0.09,
    ),
    "itching": Mood(
        weight={"walk": 0.36, "run": 0.02, "play": 0.01, "rest": 0.61},
        bout={"walk": 28, "run": 10, "play": 15, "rest": 85},
        intensity={"walk": 0.34, "run": 0.66, "play": 0.50},
        per_hour={"bark": 2.0, "scratch": 42.0, "drink": 2.0},
        spread=0.08,
    ),
}


def blend(calm: Mood, troubled: Mood, severity: float) -> Mood:
    """The mood between two: shares move evenly, times and rates by their ratio."""

    def even(a: dict, b: dict) -> dict:
        return {k: (1 - severity) * a[k] + severity * b[k] for k in a}

    def ratio(a: dict, b: dict) -> dict:
        return {k: exp((1 - severity) * log(a[k]) + severity * log(b[k])) for k in a}

    return Mood(
        even(calm.weight, troubled.weight),
        ratio(calm.bout, troubled.bout),
        even(calm.intensity, troubled.intensity),
        ratio(calm.per_hour, troubled.per_hour),
        (1 - severity) * calm.spread + severity * troubled.spread,
    )


def of_pet(mood: Mood, pet: Pet) -> Mood:
    """The mood as this pet lives it."""
    young = 0.72 if pet.age_months < 18 else 1.0
    slow = 1.0 + max(0, pet.age_months - 108) / 240
    lively = exp(-0.28 * pet.energy)
    softer = 0.4 if pet.species == "cat" else 1.0
    return Mood(
        {k: w * (1.0 if k == "rest" else 1 / lively) for k, w in mood.weight.items()},
        {k: b * young * (lively * slow if k == "rest" else 1.0) for k, b in mood.bout.items()},
        {k: min(0.95, max(0.1, i + 0.05 * pet.energy)) for k, i in mood.intensity.items()},
        {
            "bark": mood.per_hour["bark"] * exp(0.7 * pet.voice) * softer,
            "scratch": mood.per_hour["scratch"] * exp(0.8 * pet.itch),
            "drink": mood.per_hour["drink"],
        },
        mood.spread,
    )


def live(rng: np.random.Generator, pet: Pet, parts: list[tuple[Mood, int]]) -> list[dict]:
    """The events of a session made of parts, each a mood and its seconds, in the order of time."""
    events = []
    begin = 0
    for mood, lasts in parts:
        mood = of_pet(mood, pet)
        end = begin + lasts
        kinds = list(mood.weight)
        up_to = np.cumsum(list(mood.weight.values()))
        at = begin
        while at < end:
            kind = kinds[int(np.searchsorted(up_to, rng.random() * up_to[-1], side="right"))]
            bout = min(5400, max(6, int(mood.bout[kind] * exp(0.7 * rng.standard_normal()))), end - at)
            middle = mood.intensity.get(kind, 0.05)
            spread = mood.spread if kind != "rest" else 0.03
            events.append(event(at, kind, middle + spread * rng.standard_normal(), bout))
            at += bout + int(rng.integers(0, 8))
        for kind, typical in (("bark", 3), ("scratch", 9), ("drink", 14)):
            for _ in range(rng.poisson(mood.per_hour[kind] * lasts / 3600)):
                offset = begin + int(rng.integers(0, lasts))
                bout = min(60, max(1, int(typical * exp(0.5 * rng.standard_normal()))))
                events.append(event(offset, kind, 0.5 + 0.18 * rng.standard_normal(), bout))
        begin = end
    events.sort(key=lambda e: e["offset_s"])
    return events


def event(offset: int, kind: str, intensity: float, duration: int) -> dict:
    return {
        "offset_s": offset,
        "kind": kind,
        "intensity": round(min(1.0, max(0.0, float(intensity))), 2),
        "duration_s": duration,
    }


def session(started_at: str, minutes: int, events: list[dict]) -> dict:
    if len(events) > MOST_EVENTS:
        minutes = max(1, events[MOST_EVENTS]["offset_s"] // 60)
        events = [e for e in events if e["offset_s"] < minutes * 60]
    return {"started_at": started_at, "minutes": minutes, "events": events}


def request(pet: Pet, of: dict) -> dict:
    return {"pet_id": pet.pet_id, "species": pet.species, "age_months": pet.age_months, "session": of}
