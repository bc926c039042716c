"""An attacker who looks at every set of people at once, by integer programming over everything published."""

import numpy as np
from scipy.linalg import qr
from scipy.optimize import Bounds, LinearConstraint, milp

from survey_app.core.protection.sticky import Ledger


def smallest_set(published: np.ndarray, weights: np.ndarray, smallest_base: int) -> int | None:
    """People in the smallest set of 1 to `smallest_base` - 1 of them that follows by adding and subtracting."""
    classes, of = np.unique(published[:, weights > 0], axis=1, return_inverse=True)
    people = np.bincount(np.asarray(of).ravel(), weights=weights[weights > 0])
    told = classes.any(axis=0)
    classes, people = classes[:, told].astype(float), people[told]
    if not classes.size:
        return None
    _, upper, order = qr(classes.T, pivoting=True, mode="economic")
    basis = classes[order[: int((np.abs(np.diag(upper)) > 1e-8).sum())]]
    rows, columns = basis.shape
    done = milp(
        np.concatenate([np.zeros(rows), people]),
        constraints=[
            LinearConstraint(np.hstack([basis.T, -np.eye(columns)]), 0, 0),
            LinearConstraint(np.concatenate([np.zeros(rows), people])[None, :], 1, smallest_base - 1),
        ],
        bounds=Bounds(
            np.concatenate([np.full(rows, -50.0), np.zeros(columns)]),
            np.concatenate([np.full(rows, 50.0), (people < smallest_base).astype(float)]),
        ),
        integrality=np.concatenate([np.zeros(rows), np.ones(columns)]),
    )
    return None if done.x is None else round(done.fun)


def recovered_sets(made, smallest_base: int, externals=()) -> dict[str, int]:
    """Universe -> people in the smallest set that follows from all these releases together; nothing where none does.

    externals: what others published, known too.
    """
    entries = [one.entry for one in made]
    ledger = Ledger(entries, made[-1].menu, externals)
    found = {}
    for name in dict.fromkeys(name for entry in entries for name in entry.counts):
        universe = ledger.universe(name)
        publications = universe.publications(before=len(entries))
        told = [vector for _, vector in universe.told()]
        vectors = np.array([*told, *(universe.vector(*one) for one in publications)], dtype=bool)
        size = smallest_set(vectors, universe.weights, smallest_base) if publications else None
        if size is not None:
            found[name] = size
    return found
