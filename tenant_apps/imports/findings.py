"""What going through a file brings to light: counts, a few changes to look at, doubts, and every fault in a file."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

from tenant_apps.families.models import Participant
from tenant_apps.imports.lines import Fault, Line
from tenant_apps.imports.merging import Change

FIRST_FAULTS = 100
MOST_DOUBTS = 50
_MOST_CHANGED = 50
_MOST_NEW = 10
_IN_MEMORY = 2**20


class Findings:
    """To be closed: what is wrong may be too much for the memory."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.preview: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.doubts: list[dict[str, Any]] = []
        self.fault_count = 0
        self.all_faults = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._shown: Counter[str] = Counter()

    def close(self) -> None:
        self.all_faults.close()

    def refuse(self, faults: Sequence[Fault]) -> None:
        self.counts["refused"] += 1
        for fault in faults:
            self.blame(fault)

    def blame(self, fault: Fault) -> None:
        self.fault_count += 1
        said = fault._asdict()
        self.all_faults.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        if len(self.faults) < FIRST_FAULTS:
            self.faults.append(said)

    def doubt(self, line: Line, candidates: Sequence[Participant]) -> None:
        """A line that staff can decide on."""
        if len(self.doubts) < MOST_DOUBTS:
            found = [{"id": str(each.id), "text": describe(each)} for each in candidates]
            self.doubts.append({"key": line.key, "row": line.row, "name": _of_line(line), "candidates": found})

    def show(self, kind: str, participant: Participant, line: Line, changes: Sequence[Change]) -> None:
        """Some of what is new, and more of what changes."""
        self.counts[kind] += 1
        if self._shown[kind] >= (_MOST_NEW if kind == "new" else _MOST_CHANGED):
            return
        self._shown[kind] += 1
        changed = [list(change) for change in changes if change.after]
        self.preview.append({"kind": kind, "row": line.row, "name": str(participant), "changes": changed})


def describe(participant: Participant) -> str:
    """Enough to tell one child from another of the same name."""
    born: date | None = participant.birth_date
    parts = [str(participant), born.isoformat() if born else "", str(participant.establishment or "")]
    return ", ".join(part for part in (*parts, participant.student_number) if part)


def _of_line(line: Line) -> str:
    place = (line.values.get("establishment") or ("",))[0]
    born = line.values.get("birth_date")
    parts = (line.name, born.isoformat() if born else "", place, line.student_number)
    return ", ".join(part for part in parts if part)
