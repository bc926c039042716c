"""What the exact search for the least coarsening costs on the Adult table, beside ARX and beside a floor.

    python -m benchmarks.privacy.adult FOLDER

FOLDER holds `adult.csv.gz` and `adult_hierarchy_*.csv` of the ARX project. Both tasks end at the optimum that ARX
finds. The seconds of ARX 3.9.2 were taken on a machine with two cores, so the floor is there to judge this one by:
telling all nine columns' classes once per node of the lattice that is looked at cannot cost less than `np.unique` once.
"""

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.lattice import NO_VALUE, Demand, Ladder, Lattice

NAMES = (
    "sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Task:
    """What ARX was asked and found. seconds: of ARX 3.9.2."""

    title: str
    columns: tuple[str, ...]
    sensitive: str
    demand: Demand
    node: tuple[int, ...]
    left_out: int
    classes: int
    seconds: float


TASKS = (
    Task(
        title="9 columns, k = 5",
        columns=NAMES,
        sensitive="",
        demand=Demand(smallest=5, diversity=1, left_out=0.04),
        node=(0, 3, 0, 1, 1, 1, 1, 2, 0),
        left_out=1178,
        classes=370,
        seconds=13.3,
    ),
    Task(
        title="8 columns, k = 5, l = 2 on occupation",
        columns=tuple(name for name in NAMES if name != "occupation"),
        sensitive="occupation",
        demand=Demand(smallest=5, diversity=2, left_out=0.04),
        node=(0, 3, 0, 1, 1, 1, 1, 0),
        left_out=1204,
        classes=368,
        seconds=4.4,
    ),
)


def main() -> None:
    """Search twice and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    with gzip.open(folder / "adult.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    slow = [task.title for task in TASKS if not _run(task, folder, rows)]
    sys.exit(1 if slow else 0)


def _run(task: Task, folder: Path, rows: Sequence[dict[str, str]]) -> bool:
    ladders, people = [], {}
    for name in task.columns:
        steps = list(zip(*_hierarchy(folder, name), strict=True))
        ladders.append(Ladder(name=name, levels=tuple(steps)))
        people[name] = _numbers([row[name] for row in rows], steps[0])
    sensitive = np.full(len(rows), NO_VALUE, dtype=np.int64)
    if task.sensitive:
        jobs = [row[task.sensitive] for row in rows]
        sensitive = _numbers(jobs, sorted(set(jobs)))
    started = time.process_time()
    np.unique(np.column_stack(list(people.values())), axis=0)
    floor = time.process_time() - started
    started = time.process_time()
    must_differ = np.full(len(rows), bool(task.sensitive))
    found = Lattice(ladders, people, sensitive, must_differ).search(task.demand)
    spent = time.process_time() - started
    if found is None:
        raise SystemExit(f"{task.title}: nothing found")
    same = (
        found.node == task.node
        and int((~found.kept).sum()) == task.left_out
        and len(set(found.classes[found.kept].tolist())) == task.classes
    )
    sys.stdout.write(
        f"{task.title}: {spent:.2f} CPU s, ARX {task.seconds:.1f} s, floor {floor:.3f} s (x {spent / floor:.0f}); "
        f"{'the optimum of ARX' if same else f'NOT the optimum of ARX: {found.node}'}\n"
    )
    return same and spent <= task.seconds


def _numbers(values: Sequence[str], leaves: Sequence[str]) -> NDArray[np.int64]:
    place = {leaf: number for number, leaf in enumerate(leaves)}
    return np.array([place[value] for value in values], dtype=np.int64)


def _hierarchy(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"adult_hierarchy_{name}.csv").open() as file:
        return list({row[0]: row for row in csv.reader(file, delimiter=";") if row}.values())


if __name__ == "__main__":
    main()
