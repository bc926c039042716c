"""Every respondent page before axe (all rules, best practice too), in languages and colour schemes; width and targets.

    python -m benchmarks.accessibility [LANGUAGE …]

Pages with and without errors, 320 CSS px wide, which is also what 400 % zoom leaves of 1280. The limit is nothing at
all: ends with 1 when anything is found.
"""

import sys
import tempfile
import time
from itertools import groupby

from benchmarks.walk import chromium
from survey_app.settings import read_settings
from survey_app.store.database import databases_of
from tests.browser import judging
from tests.browser.gallery import all_pages, open_site

BOTH = {"light": judging.ALL_RULES, "dark": judging.ALL_RULES}


def main(languages: list[str]) -> int:
    """Look and print."""
    found, start = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pages-") as name, chromium() as browser:
        app = open_site(read_settings({"SURVEY_DATA": name}))
        for language in languages:
            pages = all_pages(app, language)
            with judging.looker(browser, app, pages) as page:
                findings = judging.judge(page, pages, BOTH, layout=True)
            print(f"{language}: {len(pages)} pages, {len(findings)} findings")
            found += [(language, *one) for one in findings]
        databases_of(app.extensions["sessions"]).dispose()
    for finding, pages in groupby(sorted(found, key=_without_page), key=_without_page):
        names = list(dict.fromkeys(one[1] for one in pages))
        print(f"{'  '.join(finding)}\n    on {len(names)} pages: {', '.join(names[:4])}")
    print(f"{len(found)} findings in {time.monotonic() - start:.0f} s; limit 0")
    return 1 if found else 0


def _without_page(finding: tuple[str, ...]) -> tuple[str, ...]:
    language, _, *what = finding
    return (language, *what)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["en", "de", "ar"]))
