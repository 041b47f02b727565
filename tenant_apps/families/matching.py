"""Finds the child whom a family adds among those who are known already: nobody is made twice silently."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.folding import fold
from shared_apps.vault import sealing
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardianship, Participant

# The key of the question, wherever it is asked.
NATIONAL_NUMBER = "national_number"


@dataclass(frozen=True, slots=True)
class Match:
    """`is_proven`: a number, the name and the birth date are all the same, nobody with an account is responsible
    for the child yet, and nobody is kept away from it.
    """

    participant: Participant
    is_proven: bool


def find(identity: Identity, *, guardian_id: UUID, number: str = "") -> Match | None:
    """Whom the identity may be of, among those whom the organisation or another family has named.

    What a guest typed is left apart: staff see those who look alike. `number` is the national number, if it was given.
    """
    hashed = national_number_hash(number)
    if blocked := _kept_away_from(guardian_id, identity, hashed):
        return Match(blocked, is_proven=False)
    candidates = [each for each in _candidates(identity, hashed) if _may_be(each, identity, hashed)]
    if not candidates:
        return None
    best = max(candidates, key=lambda each: _has_same_number(each, identity, hashed))
    return Match(best, is_proven=len(candidates) == 1 and _is_proven(best, identity, hashed))


def national_number_hash(number: str) -> str:
    """By what it is found again, however it was written and whoever gave it; nothing for no number."""
    compact = "".join(character for character in number.upper() if character.isalnum())
    return sealing.keyed_hash(compact, purpose=NATIONAL_NUMBER) if compact else ""


def _candidates(identity: Identity, hashed: str) -> QuerySet[Participant]:
    """Narrowed by the database to a handful; names are compared afterwards, folded."""
    with_account = Guardianship.objects.filter(participant=OuterRef("pk"), guardian__user__isnull=False)
    known = ~Q(external_id="") | ~Q(locked_fields=[]) | Exists(with_account)
    alike = Q(known, birth_date=identity.birth_date) if identity.birth_date else Q(pk=None)
    if hashed:
        alike |= Q(national_number_hash=hashed)
    return Participant.objects.filter(alike, removed_at=None, merged_into=None)


def _may_be(known: Participant, identity: Identity, hashed: str) -> bool:
    if hashed and known.national_number_hash == hashed:
        return True
    if known.birth_date != identity.birth_date or not has_name(known, identity):
        return False
    # Two of one name born on one day are told apart by their numbers, else by their schools, where both are known.
    if known.student_number and identity.student_number:
        return known.student_number == identity.student_number
    return len({known.establishment_id, identity.establishment_id} - {None}) < 2


def _is_proven(known: Participant, identity: Identity, hashed: str) -> bool:
    if not (
        _has_same_number(known, identity, hashed)
        and has_name(known, identity)
        and known.birth_date == identity.birth_date
    ):
        return False
    links = Guardianship.objects.filter(participant=known)
    return not links.filter(Q(guardian__user__isnull=False) | Q(is_blocked=True)).exists()


def _has_same_number(known: Participant, identity: Identity, hashed: str) -> bool:
    if hashed and known.national_number_hash == hashed:
        return True
    return bool(identity.student_number) and known.student_number == identity.student_number


def _kept_away_from(guardian_id: UUID, identity: Identity, hashed: str) -> Participant | None:
    """Who is blocked from a child is answered as anybody who proves nothing, even with the name alone."""
    blocked = Participant.objects.filter(guardianships__guardian_id=guardian_id, guardianships__is_blocked=True)
    for known in blocked:
        if has_name(known, identity) or (hashed and known.national_number_hash == hashed):
            return known
    return None


def has_name(known: Participant, identity: Identity) -> bool:
    """The last name, and the legal first name or the one that is used."""
    firsts = {fold(known.first_name), fold(known.used_name)} - {""}
    return fold(known.last_name) == fold(identity.last_name) and fold(identity.first_name) in firsts
