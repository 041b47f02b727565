"""Reads consents: what was said for each child and each authorization, who is still silent, and the words agreed to."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Guardianship, GuardianshipRole, Participant
from tenant_apps.forms.models import Decision, Form, FormVersion, Means, Purpose, Submission
from tenant_apps.organisation import queries as organisation

# Who holds parental authority, or speaks for oneself. Another relative may register, and does not consent.
HOLDERS = (GuardianshipRole.PARENT, GuardianshipRole.TUTOR, GuardianshipRole.SELF)

# In a version's definition: what was said to the versions before it no longer counts.
ASKS_AGAIN = "asks_again"

_SOURCE_LANGUAGE = "fr"


class State(models.TextChoices):
    YES = "yes", _("Oui")
    NO = "no", _("Non")
    WITHDRAWN = "withdrawn", _("Retirée")
    SILENT = "silent", _("Sans réponse")


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of a consent as it is read in one language, and its hash."""

    text: str
    language: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`word` is the submission that decides; `said` all that counts, oldest first."""

    state: State = State.SILENT
    word: Submission | None = None
    said: tuple[Submission, ...] = ()

    @property
    def allows(self) -> bool:
        return self.state is State.YES

    def refusal_of_another(self, guardian_id: UUID) -> Submission | None:
        """What stands against a « yes », whatever this guardian said before or after it."""
        against = [each for each in _last_words(self.said) if each.decision != Decision.YES]
        return next((each for each in against if _signer(each) != guardian_id), None)


@dataclass(frozen=True, slots=True)
class Said:
    """The little of a submission that decides: a register reads tens of thousands."""

    id: UUID
    form_id: UUID
    number: int
    validity_days: int | None
    person_id: UUID
    signer_id: UUID | None
    decision: str
    means: str
    submitted_at: datetime


SaidT = TypeVar("SaidT", Said, Submission)


@dataclass(frozen=True, slots=True)
class Verdict:
    """As a Standing, by the identifiers of the submissions."""

    state: State = State.SILENT
    word_id: UUID | None = None
    said_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Standings:
    """`by_pair`: of a form and a participant, where anything was said."""

    by_pair: Mapping[tuple[UUID, UUID], Standing] = field(default_factory=dict)

    def of(self, form_id: UUID | None, participant_id: UUID) -> Standing:
        return self.by_pair.get((form_id, participant_id), _SILENT) if form_id else _SILENT


@dataclass(frozen=True, slots=True)
class Asked:
    """One authorization, asked for one child. `may_sign` is the guardian's right; `is_closed`: it can wait no more."""

    form: Form
    participant: Participant
    standing: Standing
    may_sign: bool
    is_closed: bool

    @property
    def due_on(self) -> date | None:
        return self.form.due_on


_SILENT = Standing()


def wording(version: FormVersion, language: str = "") -> Wording:
    """In the reader's language where the version has it, else in the language it was written in."""
    language = (language or get_language() or _SOURCE_LANGUAGE).split("-")[0]
    translated = version.translations.get(language)
    return Wording(translated, language) if translated else Wording(version.text, _SOURCE_LANGUAGE)


def wording_of(submission: Submission) -> Wording:
    """What the signer had before them."""
    return wording(submission.version, submission.language or _SOURCE_LANGUAGE)


def is_intact(submission: Submission) -> bool:
    """Is the text that we show the text that was signed?"""
    return wording_of(submission).sha256 == submission.text_sha256


def standings(form_ids: Iterable[UUID], participant_ids: Iterable[UUID], *, at: datetime, zone: ZoneInfo) -> Standings:
    """Of every pair, in four queries. A participant who was merged into another counts as that one."""
    return _with_words(verdicts(form_ids, participant_ids, at=at, zone=zone))


def standings_of(participant_ids: Iterable[UUID], *, at: datetime, zone: ZoneInfo) -> Standings:
    """Of whatever was ever said for these participants, offerings' authorizations too."""
    return _with_words(verdicts(None, participant_ids, at=at, zone=zone))


def verdicts(
    form_ids: Iterable[UUID] | None, participant_ids: Iterable[UUID], *, at: datetime, zone: ZoneInfo
) -> dict[tuple[UUID, UUID], Verdict]:
    """Of each form and participant of whom anything counts, without reading what was signed; None for every form."""
    known = _now_known_as(participant_ids)
    rows = Submission.objects.filter(participant_id__in=list(known)).exclude(decision="")
    if form_ids is not None:
        rows = rows.filter(version__form_id__in=list(form_ids))
    found: dict[tuple[UUID, UUID], list[Said]] = {}
    signer = Coalesce("signer__merged_into_id", "signer_id")
    columns = ("id", "version__form_id", "version__number", "version__form__validity_days", "participant_id")
    for row in rows.order_by("submitted_at", "id").values_list(*columns, signer, "decision", "means", "submitted_at"):
        said = Said(*row)
        found.setdefault((said.form_id, known[said.person_id]), []).append(said)
    asked_again = _asked_again({form_id for form_id, _person in found})
    counting = {pair: [each for each in said if _counts(each, asked_again, at, zone)] for pair, said in found.items()}
    return {pair: _verdict(said) for pair, said in counting.items() if said}


def said_of(participant_ids: Iterable[UUID]) -> models.QuerySet[Submission]:
    """Every answer, oldest first, without the texts: a register reads thousands of rows, and none of those."""
    people = list(participant_ids)
    return (
        Submission.objects.filter(Q(participant_id__in=people) | Q(participant__merged_into_id__in=people))
        .exclude(decision="")
        .select_related("version__form", "signer", "participant")
        .defer("version__definition", "version__text", "version__translations")
        .order_by("submitted_at", "id")
    )


def words_of(submission_ids: Iterable[UUID]) -> dict[UUID, Submission]:
    """With who signed and of which version; without the texts."""
    found = Submission.objects.select_related("version__form", "signer", "participant")
    return found.defer("version__definition", "version__text", "version__translations").in_bulk(list(submission_ids))


def for_everyone() -> list[Form]:
    """The authorizations that every child's family is asked for (S3-05), open or not."""
    published = Form.objects.filter(purpose=Purpose.CONSENT, asks_everyone=True, versions__isnull=False)
    return list(published.distinct())


def is_closed(form: Form, *, at: datetime, zone: ZoneInfo) -> bool:
    """After the day it was due, that day included, nobody answers any more (S3-36)."""
    return not form.is_open or (form.due_on is not None and clock.local_date(at, zone) > form.due_on)


def asked(guardian: Guardian, at: datetime) -> list[Asked]:
    """Of everyone's authorizations, for each child that the guardian sees; answered or not."""
    children, forms = families.participants_of(guardian.id), for_everyone()
    if not children or not forms:
        return []
    zone = organisation.profile().zone
    found = standings([form.id for form in forms], [child.id for child in children], at=at, zone=zone)
    signs = signs_for(guardian.id)
    return [
        Asked(
            form=form,
            participant=child,
            standing=found.of(form.id, child.id),
            may_sign=child.id in signs,
            is_closed=is_closed(form, at=at, zone=zone),
        )
        for child in children
        for form in forms
    ]


def unanswered(guardian: Guardian, at: datetime) -> list[Asked]:
    """What the guardian may still answer, and nobody has."""
    return [
        each
        for each in asked(guardian, at)
        if each.standing.state is State.SILENT and each.may_sign and not each.is_closed
    ]


def signs_for(guardian_id: UUID) -> set[UUID]:
    """The participants whose parental authority the guardian holds here."""
    return set(holders().filter(guardian_id=guardian_id).values_list("participant_id", flat=True))


def holders() -> models.QuerySet[Guardianship]:
    return Guardianship.objects.filter(role__in=HOLDERS, may_enrol=True, is_blocked=False)


def _now_known_as(participant_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each of these records by its own id and by those of the records that were merged into it."""
    living = list(participant_ids)
    former = Participant.objects.filter(merged_into_id__in=living).values_list("id", "merged_into_id")
    return {key: key for key in living} | {gone: kept for gone, kept in former if kept is not None}


def _with_words(found: Mapping[tuple[UUID, UUID], Verdict]) -> Standings:
    words = words_of(each for verdict in found.values() for each in verdict.said_ids)
    return Standings(
        {
            pair: Standing(
                verdict.state,
                words[verdict.word_id] if verdict.word_id else None,
                tuple(words[each] for each in verdict.said_ids),
            )
            for pair, verdict in found.items()
        }
    )


def _verdict(said: list[Said]) -> Verdict:
    """A « no » of one guardian stands until the same guardian, or an answer given at the office, changes it."""
    last = _last_words(said)
    against = [each for each in last if each.decision != Decision.YES]
    word = (against or last)[-1]
    return Verdict(State(word.decision), word.id, tuple(each.id for each in said))


def _last_words(said: Sequence[SaidT]) -> list[SaidT]:
    """Of each signer, by age; an answer given at the office takes the place of all before it."""
    last: dict[UUID | None, SaidT] = {}
    for each in said:
        if each.means == Means.ASSISTED:
            last.clear()
        last.pop(_signer(each), None)
        last[_signer(each)] = each
    return list(last.values())


def _signer(said: Said | Submission) -> UUID | None:
    if isinstance(said, Submission) and said.signer is not None and said.signer.merged_into_id:
        return said.signer.merged_into_id
    return said.signer_id


def _counts(said: Said, asked_again: Mapping[UUID, int], at: datetime, zone: ZoneInfo) -> bool:
    if said.number < asked_again.get(said.form_id, 0):
        return False
    if said.validity_days is None:
        return True
    last_day = clock.local_date(said.submitted_at, zone) + timedelta(days=said.validity_days)
    return clock.local_date(at, zone) <= last_day


def _asked_again(form_ids: Iterable[UUID]) -> dict[UUID, int]:
    newest = FormVersion.objects.filter(form_id__in=list(form_ids), **{f"definition__{ASKS_AGAIN}": True})
    return dict(newest.values_list("form_id").annotate(newest=Max("number")))
