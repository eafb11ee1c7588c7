"""A population of dogs and cats, and the labelled collar sessions of their weeks."""

from datetime import datetime, timedelta, timezone

import numpy as np

from collar import MOODS, Pet, blend, live, request, session

# occasion: mood, first and last hour of starting, least and most minutes, how often it goes badly
DOG_DAY = {
    "outing": ("outing", 7, 19, 25, 80, 0.10),
    "playtime": ("playtime", 9, 20, 15, 45, 0.07),
    "alone": ("home", 8, 13, 120, 360, 0.26),
    "evening": ("home", 18, 21, 60, 180, 0.18),
    "night": ("night", 21, 23, 360, 520, 0.20),
}
CAT_DAY = {
    "playtime": ("playtime", 7, 21, 10, 35, 0.07),
    "alone": ("home", 8, 14, 120, 360, 0.20),
    "evening": ("home", 18, 21, 60, 180, 0.17),
    "night": ("night", 21, 23, 360, 520, 0.20),
}
FIRST_DAY = datetime(2025, 9, 1, tzinfo=timezone.utc)


def population(rng: np.random.Generator, size: int) -> list[Pet]:
    pets = []
    for number in range(size):
        age = int(np.clip(rng.gamma(2.2, 34), 3, 220))
        pets.append(
            Pet(
                pet_id=f"pet-{number:04d}",
                species="dog" if rng.random() < 0.58 else "cat",
                age_months=age,
                energy=float(rng.standard_normal() + (0.8 if age < 24 else -0.006 * age)),
                voice=float(rng.standard_normal()),
                itch=float(rng.standard_normal() + (1.6 if rng.random() < 0.07 else 0.0)),
                nerves=float(rng.standard_normal() + (0.5 if age > 140 else 0.0)),
            )
        )
    return pets


def labelled_session(rng: np.random.Generator, pet: Pet) -> tuple[dict, int]:
    """One session of a pet and its label: 1 when the carer who watched the video called it restless."""
    day = DOG_DAY if pet.species == "dog" else CAT_DAY
    occasion = list(day)[rng.integers(len(day))]
    mood_name, first, last, least, most, goes_badly = day[occasion]
    start = FIRST_DAY + timedelta(
        days=int(rng.integers(0, 180)), hours=int(rng.integers(first, last + 1)), minutes=int(rng.integers(60))
    )
    started_at = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    minutes = int(rng.integers(least, most + 1))
    if rng.random() < 0.02:  # the collar lay on its charger
        return request(pet, session(started_at, minutes, [])), 0

    odds = goes_badly / (1 - goes_badly) * np.exp(0.6 * pet.nerves)
    restless = rng.random() < odds / (1 + odds)
    severity = float(rng.uniform(0.45, 1.0))
    parts = troubled(rng, mood_name, minutes, severity) if restless else ordinary(rng, pet, mood_name, minutes)
    events = live(rng, pet, parts)

    # Carers miss mild trouble and now and then see some where there is none.
    seen = rng.random() < (1 - 0.35 * (1 - severity) if restless else 0.02)
    return request(pet, session(started_at, minutes, events)), int(seen)


def ordinary(rng: np.random.Generator, pet: Pet, mood_name: str, minutes: int) -> list:
    """A session without trouble, at times with an interlude that looks like it."""
    total = minutes * 60
    mood = MOODS[mood_name]
    if rng.random() > 0.30:
        return [(mood, total)]
    zoomy = 0.85 if pet.species == "cat" else 0.40
    interlude = MOODS["zoomies" if rng.random() < zoomy else "doorbell"]
    lasts = min(int(rng.integers(180, 720)), total // 3)
    return around(rng, mood, total, [(interlude, lasts)])


def troubled(rng: np.random.Generator, mood_name: str, minutes: int, severity: float) -> list:
    """A session with one to three bad spells of the same kind."""
    total = minutes * 60
    mood = MOODS[mood_name]
    worst = MOODS[("pacing", "calling", "itching")[rng.choice(3, p=[0.5, 0.25, 0.25])]]
    bad = blend(mood, worst, severity)
    share = rng.uniform(0.5, 1.0) if minutes < 90 else rng.uniform(0.12, 0.6)
    spells = 1 if minutes < 90 else int(rng.integers(1, 4))
    return around(rng, mood, total, [(bad, int(share * total / spells))] * spells)


def around(rng: np.random.Generator, mood, total: int, spells: list) -> list:
    """The spells at random places of a session that is otherwise of one mood."""
    left = total - sum(lasts for _, lasts in spells)
    cuts = sorted(int(c) for c in rng.integers(0, left + 1, len(spells)))
    parts = []
    before = 0
    for cut, spell in zip(cuts, spells):
        parts += [(mood, cut - before), spell]
        before = cut
    parts.append((mood, left - before))
    return [(m, lasts) for m, lasts in parts if lasts > 0]
