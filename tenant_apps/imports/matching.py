"""Finds the record that a line is of: never a second one for the same child, and never a guess."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from kernel.folding import fold
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.imports.hashing import number_hash
from tenant_apps.imports.lines import Line

NEW = "new"


class Unsure(Exception):
    """`code` is one of errors.MESSAGES, `candidates` are the records it may be."""

    def __init__(self, code: str, column: str, candidates: Sequence[Participant]) -> None:
        super().__init__(code)
        self.code, self.column, self.candidates = code, column, candidates

    @property
    def is_decidable(self) -> bool:
        """May staff say whose record it is? Else the file must be corrected."""
        return self.code in {"doubtful", "ambiguous"}


class Known:
    """The records that some lines may be of, read with a few questions however many lines there are."""

    def __init__(self, lines: Sequence[Line], decisions: Mapping[str, str]) -> None:
        self._decisions = decisions
        self._by_id: dict[UUID, Participant] = {}
        self._by_external: dict[str, Participant] = {}
        self._by_number: dict[str, list[Participant]] = defaultdict(list)
        self._by_hash: dict[str, Participant] = {}
        self._by_name: dict[tuple[str, object], list[Participant]] = defaultdict(list)
        self._read_numbered(lines)
        self._read_named(lines)
        self.links = _links_of(self._by_id)

    def of(self, line: Line, establishment_id: UUID | None) -> Participant | None:
        """None for a child who is new here. Raises Unsure."""
        if decided := self._decisions.get(line.key):
            return self._decided(decided)
        if line.external_id and (found := self._by_external.get(line.external_id)):
            return found
        found = self._by_own_number(line) or self._by_national_number(line)
        if found is None:
            return self._by_own_name(line, establishment_id)
        born = line.values.get("birth_date")
        if _is_own_word(found) and (_strangers(line, self.links[found.id]) or born not in (None, found.birth_date)):
            raise Unsure("doubtful", "student_number", [found])
        return found

    def _decided(self, decided: str) -> Participant | None:
        return None if decided == NEW else self._by_id.get(UUID(decided))

    def _by_own_number(self, line: Line) -> Participant | None:
        candidates = self._by_number.get(line.student_number, []) if line.student_number else []
        if not candidates:
            return None
        free = [each for each in candidates if not (line.external_id and each.external_id)]
        if not free:
            raise Unsure("number_taken", "student_number", candidates)
        if len(free) > 1:
            raise Unsure("ambiguous", "student_number", free)
        return free[0]

    def _by_national_number(self, line: Line) -> Participant | None:
        if number := line.values.get("national_number"):
            return self._by_hash.get(number_hash(number))
        return None

    def _by_own_name(self, line: Line, establishment_id: UUID | None) -> Participant | None:
        candidates = [each for each in self._by_name.get(_name_of(line), []) if _may_be(each, line)]
        here = [each for each in candidates if establishment_id in (None, each.establishment_id)]
        if len(here) > 1:
            raise Unsure("ambiguous", "last_name", here)
        if here and not (_is_own_word(here[0]) and _strangers(line, self.links[here[0].id])):
            return here[0]
        if candidates:
            raise Unsure("doubtful", "last_name", here or candidates)
        return None

    def _read_numbered(self, lines: Sequence[Line]) -> None:
        external = {line.external_id for line in lines} - {""}
        # Said as the indexes are, so that PostgreSQL uses them.
        for found in _read(~Q(external_id="") & Q(external_id__in=external)):
            self._by_external[found.external_id] = self._keep(found.merged_into or found)
        numbers = {line.student_number for line in lines if line.external_id not in self._by_external} - {""}
        hashes = {number_hash(line.values["national_number"]) for line in lines if "national_number" in line.values}
        decided = [UUID(each) for line in lines if (each := self._decisions.get(line.key, NEW)) != NEW]
        for wanted in (
            ~Q(student_number="") & Q(student_number__in=numbers),
            ~Q(national_number_hash="") & Q(national_number_hash__in=hashes),
            Q(id__in=decided),
        ):
            for found in _read(wanted & Q(merged_into=None)):
                self._keep(found)
        for found in self._by_id.values():
            if found.student_number:
                self._by_number[found.student_number].append(found)
            if found.national_number_hash:
                self._by_hash[found.national_number_hash] = found

    def _read_named(self, lines: Sequence[Line]) -> None:
        """Records of the same name and birth date, for the lines that no number finds."""
        left = [line for line in lines if not self._has_number(line)]
        wanted = {_name_of(line) for line in left}
        days = {line.values["birth_date"] for line in left if "birth_date" in line.values}
        rivals = Participant.objects.filter(birth_date__in=days, merged_into=None, removed_at=None)
        # A record of the same system is found by its identifier alone.
        if left and all(line.external_id for line in left):
            rivals = rivals.filter(external_id="")
        found = [
            key
            for key, last_name, first_name, born in rivals.values_list("id", "last_name", "first_name", "birth_date")
            if (fold(f"{last_name} {first_name}"), born) in wanted
        ]
        for each in _read(Q(id__in=found)):
            kept = self._keep(each)
            self._by_name[fold(f"{kept.last_name} {kept.first_name}"), kept.birth_date].append(kept)

    def _has_number(self, line: Line) -> bool:
        if line.external_id in self._by_external or line.student_number in self._by_number:
            return True
        return "national_number" in line.values and number_hash(line.values["national_number"]) in self._by_hash

    def _keep(self, found: Participant) -> Participant:
        return self._by_id.setdefault(found.id, found)


def _read(wanted: Q) -> Iterable[Participant]:
    return Participant.objects.filter(wanted).select_related("establishment", "level", "merged_into").order_by("id")


def _links_of(known: Iterable[UUID]) -> dict[UUID, list[Guardianship]]:
    ids = list(known)
    links: dict[UUID, list[Guardianship]] = {key: [] for key in ids}
    if ids:
        for link in Guardianship.objects.filter(participant__in=ids).select_related("guardian").order_by("created_at"):
            links[link.participant_id].append(link)
    return links


def _name_of(line: Line) -> tuple[str, object]:
    return fold(f"{line.values.get('last_name', '')} {line.values.get('first_name', '')}"), line.values.get(
        "birth_date"
    )


def _may_be(candidate: Participant, line: Line) -> bool:
    """No number of the one says that it is not the other."""
    number = line.values.get("national_number")
    pairs = (
        (candidate.external_id, line.external_id),
        (candidate.student_number, line.student_number),
        (candidate.national_number_hash, number_hash(number) if number else ""),
    )
    return not any(own and said and own != said for own, said in pairs)


def _is_own_word(candidate: Participant) -> bool:
    """Only a family has said so far who this is: anybody can type the name of somebody else's child."""
    return "last_name" not in candidate.locked_fields


def _strangers(line: Line, links: Sequence[Guardianship]) -> bool:
    """The file names adults, and who holds the record is none of them."""
    holders = [link.guardian for link in links if not link.is_blocked]
    said = {adult.email for adult in line.adults if adult.email}
    said |= {fold(f"{adult.last_name} {adult.first_name}") for adult in line.adults}
    numbers = {number_hash(adult.national_number) for adult in line.adults} - {""}
    references = {adult.reference for adult in line.adults} - {""}
    return bool(line.adults and holders) and not any(
        holder.national_number_hash in numbers
        or holder.reference in references
        or holder.email.lower() in said
        or fold(f"{holder.last_name} {holder.first_name}") in said
        for holder in holders
    )
