"""How many groups of too few people are recovered from the releases of many studies by chance: it must be none.

    python -m benchmarks.privacy.random_menus [STUDIES] [FIRST_SEED]

Each study has its own hierarchies, people, questions and rules, and one to four releases with joiners, leavers and
corrections; the attacks by linear algebra look at all releases together.
"""

import argparse
import sys
import time

from tests.core.protection.random_study import random_study, recovered, releases_of


def main() -> None:
    """Look at the studies; fail at the first in which something is recovered."""
    parser = argparse.ArgumentParser()
    parser.add_argument("studies", type=int, nargs="?", default=10_000)
    parser.add_argument("first", type=int, nargs="?", default=0)
    told = parser.parse_args()
    releases = tables = shown = 0
    start = time.process_time()
    for number, seed in enumerate(range(told.first, told.first + told.studies), start=1):
        study = random_study(seed)
        made = releases_of(study)
        found = recovered(study, made)
        if found:
            sys.exit(f"study {seed}: {found} groups of too few people are recovered")
        releases += len(made)
        tables += sum(len(one.cube.tables) for one in made)
        shown += sum(bool(table.figures) for one in made for table in one.cube.tables)
        if number % 500 == 0 or number == told.studies:
            share = 100 * shown / max(tables, 1)
            seconds = time.process_time() - start
            print(
                f"{number:,} studies, {releases:,} releases, {tables:,} tables, {share:.0f} % shown: none recovered; "
                f"{seconds:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
