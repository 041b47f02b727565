"""Goes through a file line by line, a thousand at a time: what each would change, and, when told to, changes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from tenant_apps.families.models import Participant
from tenant_apps.families.operations.bulk import Batch
from tenant_apps.imports.adults import Adults, Tying
from tenant_apps.imports.findings import Findings, describe
from tenant_apps.imports.lines import Line
from tenant_apps.imports.matching import Known, Unsure
from tenant_apps.imports.merging import Change, merge
from tenant_apps.imports.places import Establishments, Levels
from tenant_apps.imports.sources import Source
from tenant_apps.organisation.models import Establishment, Level

CHUNK = 1000

Write = Callable[[Batch], None]
Tell = Callable[[int], None]
Lock = Callable[[list[UUID]], Mapping[UUID, Participant]]


@dataclass(slots=True)
class Placed:
    """A line whose school and level are known, and then whose record it is."""

    line: Line
    establishment: Establishment | None
    level: Level | None
    participant: Participant | None = None


class Going:
    def __init__(self, source: Source, *, options: Mapping[str, Any], language: str, at: datetime) -> None:
        self._source, self._at = source, at
        self._decisions: dict[str, str] = options.get("decisions", {})
        self.establishments = Establishments(may_create=bool(options.get("create_establishments")))
        self._levels = Levels()
        self._brought = Adults(language=language, at=at)
        self._rows_by_key: dict[str, int] = {}
        self._rows_by_record: dict[UUID, int] = {}
        self.findings = Findings()

    def check(self, tell: Tell) -> Findings:
        """Write nothing. Raises BadFile."""
        return self._go(tell, lock=lambda ids: {}, write=lambda batch: None)

    def apply(self, tell: Tell, *, lock: Lock, write: Write) -> Findings:
        """The caller keeps it all in one transaction. Raises BadFile."""
        return self._go(tell, lock=lock, write=write)

    def _go(self, tell: Tell, *, lock: Lock, write: Write) -> Findings:
        lines, done = iter(self._source), 0
        while chunk := list(islice(lines, CHUNK)):
            write(self._batch_of(chunk, lock))
            done += len(chunk)
            tell(done)
        self.findings.counts["establishments"] = len(self.establishments.made)
        return self.findings

    def _batch_of(self, chunk: Sequence[Line], lock: Lock) -> Batch:
        batch = Batch()
        placed = list(self._accepted(self._place(line) for line in chunk))
        known = Known([each.line for each in placed], self._decisions)
        matched = list(self._accepted(self._match(each, known) for each in placed))
        # As they are now: a family may have written since the file was checked.
        fresh = lock([each.participant.id for each in matched if each.participant])
        tying = Tying(self._brought, [each.line for each in matched], known.links, batch)
        for each in matched:
            if each.participant:
                each.participant = fresh.get(each.participant.id, each.participant)
            self._take(each, batch, tying)
        self.findings.counts["guardians"] += len(batch.added_guardians)
        return batch

    def _accepted(self, some: Iterator[Placed]) -> Iterator[Placed]:
        for each in some:
            if each.line.faults:
                self.findings.refuse(each.line.faults)
            else:
                yield each

    def _place(self, line: Line) -> Placed:
        if line.is_gone:
            line.faults.clear()
            return Placed(line, None, None)
        self._check_key(line)
        names, grade = line.values.get("establishment"), line.values.get("level")
        establishment = self.establishments.find(names) if names else None
        level = self._levels.find(grade) if grade else None
        if names and establishment is None:
            line.blame("establishment", "unknown_establishment", value=names[0])
        if grade and level is None:
            line.blame("level", "unknown_level", value=grade)
        return Placed(line, establishment, level)

    def _check_key(self, line: Line) -> None:
        keys = [name for name in ("external_id", "student_number", "national_number") if name in line.values]
        if not keys and "birth_date" not in line.values and not line.faults:
            line.blame("", "unrecognisable")
        for key in [f"{name}:{line.values[name]}" for name in keys] or [line.key]:
            other = self._rows_by_key.setdefault(key, line.row)
            if other != line.row:
                line.blame(keys[0] if keys else "last_name", "repeated", other=other)

    def _match(self, each: Placed, known: Known) -> Placed:
        line = each.line
        try:
            each.participant = known.of(line, each.establishment.id if each.establishment else None)
        except Unsure as unsure:
            names = " / ".join(describe(candidate) for candidate in unsure.candidates[:3])
            line.blame(unsure.column, unsure.code, names=names)
            if unsure.is_decidable:
                self.findings.doubt(line, unsure.candidates)
            return each
        if each.participant:
            other = self._rows_by_record.setdefault(each.participant.id, line.row)
            if other != line.row:
                line.blame("", "repeated", other=other)
        return each

    def _take(self, each: Placed, batch: Batch, tying: Tying) -> None:
        line, found = each.line, each.participant
        if found is None and line.is_gone:
            self.findings.counts["unknown_leavers"] += 1
            return
        participant = found or Participant(created_at=self._at)
        changes = merge(participant, line, establishment=each.establishment, level=each.level, at=self._at)
        links = tying.tie(line, participant)
        self.findings.counts["links"] += links
        if not changes and not links:
            self.findings.counts["unchanged"] += 1
            return
        batch.told[participant.id] = [change.column for change in changes] + ["guardians"] * bool(links)
        if changes:
            (batch.changed if found else batch.added).append(participant)
        shown = [*changes, Change("guardians", "", str(links))] if links else changes
        self.findings.show(_kind(found, line), participant, line, shown)


def _kind(found: Participant | None, line: Line) -> str:
    if line.is_gone:
        return "gone"
    return "changed" if found else "new"
