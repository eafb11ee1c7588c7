"""The features of a collar session: the reference that the Java modules match value by value.

Plain double arithmetic in the written order, so that another language comes to the same float32.
"""

from datetime import datetime
from math import sqrt

MOVING = ("walk", "run", "play")
POSTURES = MOVING + ("rest",)
WINDOW = 600  # seconds
SHORT_REST = 180  # seconds
LEAST_SESSION = 600  # seconds; rates of shorter sessions would explode

FEATURES_3_0_0 = (
    "moving_share",
    "rest_share",
    "mean_intensity",
    "short_rests_per_hour",
    "barks_per_hour",
    "scratches_per_hour",
    "switches_per_hour",
    "night_share",
)
FEATURES_3_1_0 = FEATURES_3_0_0 + (
    "is_cat",
    "age_years",
    "play_share",
    "longest_rest_share",
    "intensity_spread",
    "drinks_per_hour",
    "worst_window_switches",
    "worst_window_alarms",
)


def features(request: dict) -> list[float]:
    """All features in the order of FEATURES_3_1_0; 3.0.0 takes the first eight."""
    session = request["session"]
    total = session["minutes"] * 60
    hours = max(total, LEAST_SESSION) / 3600.0
    events = sorted((e for e in session["events"] if e["offset_s"] < total), key=lambda e: e["offset_s"])

    seconds = dict.fromkeys(POSTURES, 0)
    count = dict.fromkeys((*POSTURES, "bark", "scratch", "drink"), 0)
    windows = (total + WINDOW - 1) // WINDOW
    switches_in = [0] * windows
    alarms_in = [0] * windows
    effort = 0.0
    intensity_sum = 0.0
    longest_rest = short_rests = switches = 0
    posture = None
    for event in events:
        kind = event["kind"]
        lasts = min(event["duration_s"], total - event["offset_s"])
        window = event["offset_s"] // WINDOW
        count[kind] += 1
        if kind in ("bark", "scratch"):
            alarms_in[window] += 1
        if kind not in POSTURES:
            continue
        seconds[kind] += lasts
        if kind == "rest":
            longest_rest = max(longest_rest, lasts)
            if lasts < SHORT_REST:
                short_rests += 1
        else:
            effort += event["intensity"] * lasts
            intensity_sum += event["intensity"]
        if posture is not None and kind != posture:
            switches += 1
            switches_in[window] += 1
        posture = kind

    moving = seconds["walk"] + seconds["run"] + seconds["play"]
    return [
        min(1.0, moving / total),
        min(1.0, seconds["rest"] / total),
        effort / moving if moving > 0 else 0.0,
        short_rests / hours,
        count["bark"] / hours,
        count["scratch"] / hours,
        switches / hours,
        night_seconds(session["started_at"], total) / total,
        1.0 if request["species"] == "cat" else 0.0,
        request["age_months"] / 12.0,
        min(1.0, (seconds["run"] + seconds["play"]) / total),
        longest_rest / total,
        intensity_spread(events, intensity_sum, sum(count[k] for k in MOVING)),
        count["drink"] / hours,
        float(max(switches_in)),
        float(max(alarms_in)),
    ]


def intensity_spread(events: list[dict], intensity_sum: float, bouts: int) -> float:
    """Population standard deviation of the intensity of the moving bouts, each counted once."""
    if bouts == 0:
        return 0.0
    mean = intensity_sum / bouts
    squares = 0.0
    for event in events:
        if event["kind"] in MOVING:
            distance = event["intensity"] - mean
            squares += distance * distance
    return sqrt(squares / bouts)


def night_seconds(started_at: str, total: int) -> int:
    """Seconds of the session between 22:00 and 06:00 UTC."""
    start = datetime.fromisoformat(started_at.replace("Z", "+00:00"))
    begin = start.hour * 3600 + start.minute * 60 + start.second
    end = begin + total
    nights = ((0, 6), (22, 30), (46, 48))  # hours since the midnight before the start; a session lasts a day at most
    return sum(max(0, min(end, till * 3600) - max(begin, since * 3600)) for since, till in nights)
