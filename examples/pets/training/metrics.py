"""How good a score is on pets the model has never seen."""

import numpy as np


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """The chance that a restless session scores above one that is not; ties count half."""
    values, position, size = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(size) - (size - 1) / 2
    positives = labels.sum()
    above = rank[position][labels == 1].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (1 - labels).sum()))


def interval(rng: np.random.Generator, labels, scores, pets, rounds: int = 300) -> tuple[float, float]:
    """95 % bootstrap interval of the AUC; draws pets, because the sessions of a pet are alike."""
    by_pet = [np.flatnonzero(pets == pet) for pet in np.unique(pets)]
    draws = []
    for _ in range(rounds):
        rows = np.concatenate([by_pet[i] for i in rng.integers(0, len(by_pet), len(by_pet))])
        draws.append(auc(labels[rows], scores[rows]))
    return tuple(np.quantile(draws, [0.025, 0.975]))


def reliability(labels: np.ndarray, scores: np.ndarray) -> list[tuple[float, int, float, float]]:
    """Per tenth of the scale: its lower end, how many sessions, the mean score, the share that was restless."""
    bins = np.minimum((scores * 10).astype(int), 9)
    return [
        (b / 10, int((bins == b).sum()), float(scores[bins == b].mean()), float(labels[bins == b].mean()))
        for b in range(10)
        if (bins == b).any()
    ]


def calibration_error(labels: np.ndarray, scores: np.ndarray) -> float:
    return sum(n * abs(mean - share) for _, n, mean, share in reliability(labels, scores)) / len(labels)


def report(rng: np.random.Generator, labels, scores, pets, groups: dict[str, np.ndarray]) -> None:
    low, high = interval(rng, labels, scores, pets)
    flagged = scores >= 0.5
    base = labels.mean() * (1 - labels.mean())
    hits = int((flagged & (labels == 1)).sum())
    print(f"  AUC                {auc(labels, scores):.3f}   (95 % {low:.3f} to {high:.3f}, by pets)")
    print(f"  Brier score        {np.mean((scores - labels) ** 2):.4f}  (base rate alone {base:.4f})")
    print(f"  calibration error  {calibration_error(labels, scores):.4f}")
    print(f"  at 0.5             precision {hits / max(1, flagged.sum()):.2f}, recall {hits / labels.sum():.2f}")
    print("  AUC by group       " + ", ".join(f"{n} {auc(labels[g], scores[g]):.3f}" for n, g in groups.items()))
    print("  score      sessions  mean score  restless")
    for lower, n, mean, share in reliability(labels, scores):
        print(f"  {lower:.1f}–{lower + 0.1:.1f}    {n:8d}  {mean:10.2f}  {share:8.2f}")
