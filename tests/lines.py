"""Which lines of the requirements the tests show: gathered while they run, printed by `make lines`.

A line is shown only by a test that does what its user does: in a browser, through the API or by a command.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / ".local" / "test-lines.json"
LISTS = [ROOT / "docs" / "requirements" / "checklist.md", ROOT / "docs" / "requirements" / "opportunities.md"]
_LINE = re.compile(r"^- \**((?:S\d|O)-\d+)\**\s*(.*)")

_seen: dict[str, dict[str, int]] = defaultdict(lambda: {"passed": 0, "failed": 0})


def requirements() -> dict[str, str]:
    """The identifier and the words of each line, in the order of the lists."""
    found = (_LINE.match(text) for path in LISTS for text in path.read_text().splitlines())
    return {match[1]: match[2].strip("* ") for match in found if match}


@pytest.hookimpl(hookwrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    known = requirements()
    for item in items:
        lines = [line for mark in item.iter_markers("line") for line in mark.args]
        unknown = [line for line in lines if line not in known]
        if unknown:
            raise pytest.UsageError(f"{item.nodeid} names lines that no list holds: {', '.join(unknown)}")
        # User properties travel from the workers with the report; marks do not.
        item.user_properties.extend(("line", line) for line in lines)
    yield


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "call" and not report.failed:
        return
    for name, line in report.user_properties:
        if name == "line" and not report.skipped:
            _seen[str(line)]["passed" if report.passed else "failed"] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    is_worker = hasattr(session.config, "workerinput")
    if _seen and not is_worker:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(dict(sorted(_seen.items())), indent=1) + "\n")


def main() -> int:
    if not RESULTS.exists():
        print("No results yet: run `make test` first.", file=sys.stderr)
        return 1
    results: dict[str, dict[str, int]] = json.loads(RESULTS.read_text())
    known = requirements()
    for line, words in known.items():
        result = results.get(line)
        state = "no test" if result is None else f"{result['passed']} passed, {result['failed']} failed"
        print(f"{line:6}  {state:22}  {words[:100]}")
    shown = [line for line in known if line in results and not results[line]["failed"]]
    print(f"\n{len(shown)} of {len(known)} lines shown.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
