"""Synthetic days of a connected bowl: meals, refills and visits, and the things that go wrong with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Callable

import numpy as np


@dataclass(frozen=True)
class Meal:
    day: int
    minute: int
    grams: float


@dataclass(frozen=True)
class Routine:
    """The usual meals of a pet as (hour, minute, share of the daily target), and how regular it is."""

    target: int
    meals: tuple[tuple[int, int, float], ...]
    jitter: float = 9.0  # minutes
    visits: float = 2.0  # a day, without eating


def days_of(
    rng: np.random.Generator, routine: Routine, first: datetime, days: int, change: Callable[[Meal], Meal | None]
) -> list[dict]:
    """The events of the days; `change` tells what became of a usual meal: itself, another one, or none."""
    events = []
    for day in range(days):
        midnight = first + timedelta(days=day)
        grazes = routine.meals[0][2] < 0.3
        if grazes:  # one refill a day, eaten in small meals; others are served each meal
            events.append(bowl_event(midnight, 6 * 60 + int(rng.integers(20)), 0, "refill", routine.target))
        for hour, minute, share in routine.meals:
            at = hour * 60 + minute + routine.jitter * rng.standard_normal()
            grams = routine.target * share * exp(0.06 * rng.standard_normal())
            usual = Meal(day, round(at), grams)
            second, before = int(rng.integers(60)), int(rng.integers(1, 6))
            eaten = change(usual)
            if not grazes:
                served = 5 * round(share * routine.target / 5)
                events.append(bowl_event(midnight, (eaten or usual).minute - before, second, "refill", served))
            if eaten:
                events.append(bowl_event(midnight, eaten.minute, second, "meal", eaten.grams))
        for _ in range(rng.poisson(routine.visits)):
            minute = int(rng.integers(6 * 60 + 30, 22 * 60 + 30))
            events.append(bowl_event(midnight, minute, int(rng.integers(60)), "visit", 0.0))
    return sorted(events, key=lambda e: e["at"])


def bowl_event(midnight: datetime, minute: int, second: int, kind: str, grams: float) -> dict:
    at = midnight + timedelta(minutes=minute, seconds=second)
    return {"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "kind": kind, "grams": round(float(grams), 1)}
