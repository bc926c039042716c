"""Small datasets for tests: answers as coded numbers become a dataset whose cells are positions."""

import pandas as pd

from survey_app.core.dataset import Column, Dataset
from survey_app.core.privacy import Missing


def a_dataset(items, *, stage="S04", codes=("c0", "c1", "c2", "c3", "c4")):
    """A dataset of `items` (id -> coded numbers, one per row), all with answers `codes` numbered from 0."""
    numbers = tuple(float(position) for position in range(len(codes)))
    columns = {name: Column(id=name, item=name, kind="choice", codes=codes, numbers=numbers) for name in items}
    frame = pd.DataFrame({name: pd.array(values, dtype="int16") for name, values in items.items()})
    frame.insert(0, "person", [f"person {row}" for row in range(len(frame))])
    frame["wave"] = 1
    frame["stage"] = pd.Categorical([stage] * len(frame))
    return Dataset(frame=frame, columns=columns)


def coded(value):
    """A value of the item bank's vectors as coded number: None is left empty, "hidden" is not shown."""
    if value is None:
        return Missing.NOT_ANSWERED.code
    return Missing.NOT_SHOWN.code if value == "hidden" else value
