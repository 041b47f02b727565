"""May this participant take this, and if not, why and when: the one answer for page, button and refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import clock
from shared_apps.design import formats
from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.families.models import Participant
from tenants.context import current


class Code(StrEnum):
    NOT_PUBLISHED = "not_published"
    NOT_OPEN_YET = "not_open_yet"
    DEADLINE_PASSED = "deadline_passed"
    OVER = "over"
    FULL = "full"
    LEVEL_UNKNOWN = "level_unknown"
    WRONG_LEVEL = "wrong_level"
    ESTABLISHMENT_UNKNOWN = "establishment_unknown"
    WRONG_ESTABLISHMENT = "wrong_establishment"
    FORM_MISSING = "form_missing"
    FORM_EXPIRED = "form_expired"
    NOT_BILLABLE = "not_billable"
    MAY_NOT_ENROL = "may_not_enrol"
    MAY_NOT_PAY = "may_not_pay"
    NOT_YOUR_WEEK = "not_your_week"


_MESSAGES = {
    Code.NOT_PUBLISHED: _("Cette activité n’est pas offerte en ce moment."),
    Code.NOT_OPEN_YET: _("Les inscriptions ouvrent le %(opens_at)s."),
    Code.DEADLINE_PASSED: _("La date limite, le %(deadline_on)s, est passée."),
    Code.OVER: _("C’est terminé depuis le %(ended_on)s."),
    Code.FULL: _("C’est complet\u202f: il ne reste plus de place."),
    Code.LEVEL_UNKNOWN: _("%(first_name)s\u202f: le niveau scolaire manque au dossier."),
    Code.WRONG_LEVEL: _("Cette activité est réservée à\u202f: %(levels)s."),
    Code.ESTABLISHMENT_UNKNOWN: _("%(first_name)s\u202f: l’école manque au dossier."),
    Code.WRONG_ESTABLISHMENT: _("Cette activité est réservée à\u202f: %(establishments)s."),
    Code.FORM_MISSING: _("%(first_name)s\u202f: «\u202f%(form)s\u202f» est à remplir d’abord."),
    Code.FORM_EXPIRED: _("%(first_name)s\u202f: «\u202f%(form)s\u202f» n’était valable que jusqu’au %(until)s."),
    Code.NOT_BILLABLE: _("Vous n’êtes pas responsable de la facturation\u202f: demandez-le dans votre profil."),
    Code.MAY_NOT_ENROL: _("Votre lien avec %(first_name)s ne permet pas de l’inscrire."),
    Code.MAY_NOT_PAY: _("Votre lien avec %(first_name)s ne permet pas de payer pour cette inscription."),
    Code.NOT_YOUR_WEEK: _("La semaine du %(monday)s n’est pas la vôtre dans le calendrier de garde de %(first_name)s."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`values` are days, local moments, names and lists of names; the message writes them for its reader."""

    code: Code
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return str(_MESSAGES[self.code]) % {name: _written(value) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.message


def why_not(offering: Offering, *, participant: Participant | None, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """Every reason, empty when there is none. Without a participant, only what holds for everybody."""
    reasons = of_time(offering, at=at, zone=zone)
    if participant is not None:
        reasons += _of_level(offering, participant) + _of_establishment(offering, participant)
    return reasons


def of_time(offering: Offering, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    if offering.status != Status.PUBLISHED:
        return [Reason(Code.NOT_PUBLISHED)]
    if offering.opens_at and at < offering.opens_at:
        return [Reason(Code.NOT_OPEN_YET, {"opens_at": offering.opens_at.astimezone(zone)})]
    if offering.deadline_on and at >= clock.end_of_day(offering.deadline_on, zone):
        return [Reason(Code.DEADLINE_PASSED, {"deadline_on": offering.deadline_on})]
    last = offering.ends_on or offering.starts_on
    if last and at >= clock.end_of_day(last, zone):
        return [Reason(Code.OVER, {"ended_on": last})]
    return []


def in_time(*, at: datetime, zone: ZoneInfo) -> Q:
    """The offerings that `of_time` says nothing against."""
    return (
        Q(status=Status.PUBLISHED)
        & (Q(opens_at=None) | Q(opens_at__lte=at))
        & (Q(deadline_on=None) | Q(deadline_on__gte=clock.local_date(at, zone)))
        & options_in_time(at=at, zone=zone)
    )


def of_option(option: Option, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """What stands against one date or week while the others may still be taken."""
    last = option.ends_on or option.starts_on
    if last and at >= clock.end_of_day(last, zone):
        return [Reason(Code.OVER, {"ended_on": last})]
    return []


def options_in_time(*, at: datetime, zone: ZoneInfo) -> Q:
    """The options that `of_option` says nothing against."""
    today = clock.local_date(at, zone)
    return Q(ends_on__gte=today) | Q(ends_on=None) & (Q(starts_on=None) | Q(starts_on__gte=today))


def _of_level(offering: Offering, participant: Participant) -> list[Reason]:
    levels = list(offering.levels.all())
    if not levels or participant.level_id in {level.id for level in levels}:
        return []
    if participant.level_id is None:
        return [Reason(Code.LEVEL_UNKNOWN, {"first_name": participant.first_name})]
    return [Reason(Code.WRONG_LEVEL, {"levels": [level.name for level in levels]})]


def _of_establishment(offering: Offering, participant: Participant) -> list[Reason]:
    establishments = list(offering.establishments.all())
    if (
        not offering.reserved_to_establishments
        or not establishments
        or participant.establishment_id in {each.id for each in establishments}
    ):
        return []
    if participant.establishment_id is None:
        return [Reason(Code.ESTABLISHMENT_UNKNOWN, {"first_name": participant.first_name})]
    return [Reason(Code.WRONG_ESTABLISHMENT, {"establishments": [each.name for each in establishments]})]


def _written(value: Any) -> str:
    locale = formats.locale_for(get_language() or "fr", current().country)
    if isinstance(value, datetime):
        return formats.datetime_words(value, locale)
    if isinstance(value, date):
        return formats.date_words(value, locale)
    return format_list(value, locale=locale) if isinstance(value, list) else str(value)
