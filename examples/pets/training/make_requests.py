#!/usr/bin/env python3
"""Writes the request files of the example: days of collar and bowl events of seven pets, the same on every run.

    apt-get install python3-numpy
    python3 make_requests.py
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from bowl import Meal, Routine, days_of
from collar import MOODS, Mood, Pet, blend, live, request, session
from notes import NOTES

REQUESTS = Path(__file__).resolve().parent.parent / "requests"
FIRST_DAY = datetime(2026, 3, 1, tzinfo=timezone.utc)
DAYS = 14

PETS = {
    "luna": Pet("luna", "dog", 38, energy=0.4, voice=0.5),
    "momo": Pet("momo", "cat", 74, energy=-0.3),
    "rex": Pet("rex", "dog", 110, energy=-0.4, nerves=0.8),
    "bella": Pet("bella", "dog", 9, energy=1.2),
    "simba": Pet("simba", "cat", 29, energy=0.5),
    "felix": Pet("felix", "cat", 52, energy=0.2),
    "otto": Pet("otto", "dog", 62, voice=0.8, itch=0.6),
}
# usual meals as (hour, minute, share of the daily target in grams)
ROUTINES = {
    "luna": Routine(320, ((7, 0, 0.48), (18, 10, 0.52))),
    "momo": Routine(
        60, ((6, 30, 0.22), (11, 15, 0.18), (16, 0, 0.18), (19, 45, 0.24), (23, 10, 0.18)), jitter=14, visits=3
    ),
    "rex": Routine(480, ((6, 45, 0.5), (17, 30, 0.5)), jitter=7),
    "bella": Routine(360, ((7, 15, 0.34), (12, 30, 0.32), (18, 0, 0.34)), jitter=8, visits=4),
    "simba": Routine(85, ((7, 0, 0.26), (13, 0, 0.24), (18, 30, 0.27), (22, 30, 0.23)), jitter=12, visits=3),
    "felix": Routine(60, ((6, 50, 0.36), (12, 40, 0.30), (19, 0, 0.34)), jitter=10),
    "otto": Routine(210, ((7, 30, 0.5), (18, 0, 0.5)), jitter=8),
}

# behavior_score file: pet, start, and the spells: a mood, at times with a trouble and its severity, and the minutes
SESSIONS = {
    "": ("luna", "2026-03-02T18:30:00Z", [("outing", 45)]),
    "calm-day": ("momo", "2026-03-03T08:40:00Z", [("home", 300)]),
    "restless-night": (
        "rex",
        "2026-03-05T22:10:00Z",
        [("night", 95), ("night", "pacing", 0.95, 110), ("night", 80), ("night", "pacing", 0.9, 75), ("night", 60)],
    ),
    "empty-session": ("simba", "2026-03-04T10:00:00Z", []),
    "puppy-play": ("bella", "2026-03-02T16:05:00Z", [("playtime", 30)]),
    "itchy-evening": ("otto", "2026-03-06T19:20:00Z", [("home", 40), ("home", "itching", 0.9, 70), ("home", 20)]),
    "doorbell": ("luna", "2026-03-03T09:15:00Z", [("home", 85), ("doorbell", 4), ("home", 90)]),
    "zoomies": ("felix", "2026-03-04T21:50:00Z", [("night", 200), ("zoomies", 9), ("night", 190)]),
    "home-alone": ("bella", "2026-03-06T09:00:00Z", [("home", 30), ("home", "calling", 0.9, 80), ("home", 40)]),
}


def late_supper(meal: Meal) -> Meal:
    return replace(meal, minute=21 * 60 + 5) if meal.day == 8 and meal.minute > 720 else meal


def no_breakfast(meal: Meal) -> Meal | None:
    return None if meal.day in (11, 13) and meal.minute < 720 else meal


def less_and_less(meal: Meal) -> Meal:
    return replace(meal, grams=meal.grams * (0.8, 0.65, 0.55, 0.45)[meal.day - 10]) if meal.day >= 10 else meal


def more(meal: Meal) -> Meal:
    return replace(meal, grams=meal.grams * 1.42) if meal.day >= 9 else meal


def later_and_later(meal: Meal) -> Meal:
    return replace(meal, minute=meal.minute + 15 * max(0, meal.day - 4)) if meal.minute > 720 else meal


def as_usual(meal: Meal) -> Meal:
    return meal


# feeding_insight file: pet, days, and what becomes of the usual meals
BOWLS = {
    "": ("luna", DAYS, late_supper),
    "steady": ("bella", DAYS, as_usual),
    "skipped-breakfasts": ("rex", DAYS, no_breakfast),
    "eats-less": ("momo", DAYS, less_and_less),
    "eats-more": ("simba", DAYS, more),
    "later-and-later": ("otto", DAYS, later_and_later),
    "silent-bowl": ("felix", DAYS, as_usual),
    "first-day": ("bella", 1, as_usual),
}

SILENT = {"silent-bowl": ("2026-03-07", "2026-03-08", "2026-03-09")}  # the bowl had no network

# nudge file: the collar session and the bowl it puts together; both of one pet
NUDGES = {
    "": ("", ""),
    "calm-and-steady": ("puppy-play", "steady"),
    "bad-night": ("restless-night", "skipped-breakfasts"),
    "eats-less": ("calm-day", "eats-less"),
}


def spell_mood(base: str, trouble: str | None = None, severity: float = 0.0) -> Mood:
    return blend(MOODS[base], MOODS[trouble], severity) if trouble else MOODS[base]


def collar_session(number: int, name: str) -> dict:
    pet_id, started_at, spells = SESSIONS[name]
    rng = np.random.default_rng([20260302, number])
    parts = [(spell_mood(*spell[:-1]), spell[-1] * 60) for spell in spells]
    minutes = sum(spell[-1] for spell in spells) or 120
    return request(PETS[pet_id], session(started_at, minutes, live(rng, PETS[pet_id], parts)))


def bowl_days(number: int, name: str) -> dict:
    pet_id, days, change = BOWLS[name]
    routine = ROUTINES[pet_id]
    events = days_of(np.random.default_rng([20260303, number]), routine, FIRST_DAY, days, change)
    events = [e for e in events if e["at"][:10] not in SILENT.get(name, ())]
    return {"pet_id": pet_id, "species": PETS[pet_id].species, "daily_target_g": routine.target, "events": events}


def nudge(collar: dict, bowl: dict) -> dict:
    assert collar["pet_id"] == bowl["pet_id"]
    return {**collar, "feeding": {"daily_target_g": bowl["daily_target_g"], "events": bowl["events"]}}


def days_of_collars() -> list[dict]:
    """Three days of every pet: morning, evening and night; rex sleeps badly, otto itches in the evening."""
    rng = np.random.default_rng(20260304)
    requests = []
    for day in range(3):
        for pet in PETS.values():
            outing = "outing" if pet.species == "dog" else "playtime"
            for name, trouble, hour, least, most in (
                (outing, None, 8, 20, 50),
                ("home", "itching" if pet.pet_id == "otto" else None, 18, 90, 150),
                ("night", "pacing" if pet.pet_id == "rex" else None, 22, 380, 470),
            ):
                start = FIRST_DAY + timedelta(days=day, hours=hour, minutes=int(rng.integers(60)))
                minutes = int(rng.integers(least, most))
                parts = [(MOODS[name], minutes * 60)]
                if trouble:
                    third = minutes * 20
                    parts = [(MOODS[name], third), (spell_mood(name, trouble, 0.85), third), (MOODS[name], third)]
                of = session(start.strftime("%Y-%m-%dT%H:%M:%SZ"), minutes, live(rng, pet, parts))
                requests.append(request(pet, of))
    return requests


def pretty(value, indent: str = "") -> str:
    """JSON for people: one event a line."""
    if isinstance(value, dict) and any(isinstance(v, (dict, list)) for v in value.values()):
        inner = indent + "  "
        fields = (f"{inner}{json.dumps(k)}: {pretty(v, inner)}" for k, v in value.items())
        return "{\n" + ",\n".join(fields) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        inner = indent + "  "
        return "[\n" + ",\n".join(inner + pretty(v, inner) for v in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def write(task: str, name: str, body: dict) -> None:
    file = REQUESTS / (f"{task}-{name}.json" if name else f"{task}.json")
    file.write_text(pretty(body) + "\n", encoding="utf-8")


def main() -> None:
    REQUESTS.mkdir(exist_ok=True)
    collars = {name: collar_session(number, name) for number, name in enumerate(SESSIONS)}
    bowls = {name: bowl_days(number, name) for number, name in enumerate(BOWLS)}
    for name, body in collars.items():
        write("behavior_score", name, body)
    for name, body in bowls.items():
        write("feeding_insight", name, body)
    for name, (collar, bowl) in NUDGES.items():
        write("nudge", name, nudge(collars[collar], bowls[bowl]))
    for name, (collar, called, text) in NOTES.items():
        of = collars[collar]
        body = {"pet_id": of["pet_id"], "name": called, "notes": text, "session": of["session"]}
        write("session_summary", name, body)
    lines = [json.dumps(r, separators=(",", ":")) for r in days_of_collars()]
    (REQUESTS / "behavior_score-days.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(list(REQUESTS.glob('*.json')))} request files and {len(lines)} lines in {REQUESTS.name}/")


if __name__ == "__main__":
    main()
