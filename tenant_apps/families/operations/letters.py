"""Activation letters: a code on paper, and the child's birth date, link whoever has no number to prove anything by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.families import codes
from tenant_apps.families.models import (
    Guardianship,
    GuardianshipRole,
    LinkKind,
    LinkRequest,
    LinkStatus,
    Participant,
)
from tenant_apps.families.operations import links
from tenant_apps.families.rights import Rights

VALID_FOR = timedelta(days=90)
MOST_ATTEMPTS = 5
_WRONG = "link.wrong_code"
_REMEMBERED = timedelta(hours=1)


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    message = _("Trop d’essais sans succès. Attendez une heure, ou demandez une nouvelle lettre à l’organisation.")


@dataclass(frozen=True, slots=True)
class Letter:
    """The code is nowhere else: printed now or lost."""

    participant: Participant
    code: str


@operation
def make_letters(
    *,
    participant_ids: Iterable[UUID],
    actor: Actor,
    at: datetime,
    role: str = GuardianshipRole.PARENT,
    rights: Rights | None = None,
) -> list[Letter]:
    """A letter for each, by name; those sent before are dead. A child without a birth date has none."""
    wanted = Participant.objects.filter(id__in=list(participant_ids), removed_at=None, merged_into=None)
    found = list(wanted.exclude(birth_date=None).order_by("search_text", "id"))
    pending = LinkRequest.objects.filter(kind=LinkKind.LETTER, status=LinkStatus.PENDING, participant__in=found)
    pending.update(status=LinkStatus.CANCELLED, decided_at=at)
    letters = [Letter(participant, codes.new()) for participant in found]
    LinkRequest.objects.bulk_create(
        LinkRequest(
            kind=LinkKind.LETTER,
            participant=letter.participant,
            code_hash=codes.hashed(letter.code),
            role=role,
            rights=(rights or Rights()).as_data(),
            created_at=at,
            expires_at=at + VALID_FOR,
        )
        for letter in letters
    )
    for participant in found:
        _record("letter.made", participant.id, actor, at)
    return letters


@operation
def use_letter(*, code: str, birth_date: date, guardian_id: UUID, actor: Actor, at: datetime) -> Guardianship | None:
    """Link who holds the letter and knows the birth date; None where the two do not go together.

    Not raised but answered, so that the attempt is counted. Five wrong ones end the code, and stop the account for an
    hour: then raises TooManyAttempts. Who is kept away from the child is answered as if the code were wrong. Sent
    twice by the same one it is used once.
    """
    refuse_guesses(actor=actor, at=at)
    if again := _used(code, birth_date, guardian_id):
        return again
    request = _opened(code, at)
    if request is None or not _attempted(request, birth_date) or _is_kept_away(guardian_id, request):
        count_guess(actor=actor, at=at)
        return None
    waiting = LinkRequest.objects.filter(id=request.id, status=LinkStatus.PENDING)
    if not waiting.update(status=LinkStatus.ACCEPTED, decided_at=at, guardian_id=guardian_id):
        return _used(code, birth_date, guardian_id)
    made = links.link(
        guardian_id=guardian_id,
        participant_id=request.participant_id,
        role=request.role,
        rights=Rights.read(request.rights),
        at=at,
    )
    _record("letter.used", request.participant_id, actor, at)
    return made


@operation
def count_guess(*, actor: Actor, at: datetime) -> None:
    """A code that opened nothing, of a letter or of an invitation."""
    audit.record(action=_WRONG, subject="account", subject_id=actor.user_id, actor=actor, at=at)


def refuse_guesses(*, actor: Actor, at: datetime) -> None:
    """Raises TooManyAttempts for an account that has guessed five times within the hour.

    Counted in the trail: it holds in every process, and whatever the cache has lost.
    """
    of_account = Entry.objects.filter(subject="account", subject_id=actor.user_id, at__gt=at - _REMEMBERED)
    if of_account.filter(action=_WRONG).count() >= MOST_ATTEMPTS:
        raise TooManyAttempts


def _opened(code: str, at: datetime) -> LinkRequest | None:
    hashed = codes.hashed(code)
    letters = LinkRequest.objects.filter(
        kind=LinkKind.LETTER,
        status=LinkStatus.PENDING,
        code_hash=hashed,
        expires_at__gt=at,
        participant__removed_at=None,
        participant__merged_into=None,
    )
    return letters.select_related("participant").first() if hashed else None


def _used(code: str, birth_date: date, guardian_id: UUID) -> Guardianship | None:
    """The link that this very guardian has from this code."""
    taken = LinkRequest.objects.filter(
        kind=LinkKind.LETTER, status=LinkStatus.ACCEPTED, code_hash=codes.hashed(code), guardian_id=guardian_id
    )
    links_of_code = Guardianship.objects.filter(participant_id__in=taken.values("participant_id"), is_blocked=False)
    return links_of_code.filter(
        guardian_id=guardian_id, participant__birth_date=birth_date, participant__removed_at=None
    ).first()


def _attempted(request: LinkRequest, birth_date: date) -> bool:
    """The attempt is taken before it is judged: of many at once, five are."""
    left = LinkRequest.objects.filter(id=request.id, attempts__lt=MOST_ATTEMPTS)
    return left.update(attempts=F("attempts") + 1) == 1 and request.participant.birth_date == birth_date


def _is_kept_away(guardian_id: UUID, request: LinkRequest) -> bool:
    links_of_two = Guardianship.objects.filter(guardian_id=guardian_id, participant_id=request.participant_id)
    return links_of_two.filter(is_blocked=True).exists()


def _record(action: str, participant_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=participant_id, actor=actor, at=at)
