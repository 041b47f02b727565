"""Why somebody may not take something, in codes for programs and in words for whoever reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.units import format_unit
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.words import in_language
from shared_apps.design import formats
from tenants.context import current


class Code(StrEnum):
    NOT_PUBLISHED = "not_published"
    NOT_OPEN_YET = "not_open_yet"
    NOT_ADMITTED = "not_admitted"
    WISHES_FIRST = "wishes_first"
    BEING_DRAWN = "being_drawn"
    WINDOW_CLOSED = "window_closed"
    WRONG_AUDIENCE = "wrong_audience"
    DEADLINE_PASSED = "deadline_passed"
    OVER = "over"
    NOT_OFFERED = "not_offered"
    FULL = "full"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    LEVEL_UNKNOWN = "level_unknown"
    WRONG_LEVEL = "wrong_level"
    ESTABLISHMENT_UNKNOWN = "establishment_unknown"
    WRONG_ESTABLISHMENT = "wrong_establishment"
    FORM_MISSING = "form_missing"
    FORM_EXPIRED = "form_expired"
    NOT_EARLIER = "not_earlier"
    NOT_MEMBER = "not_member"
    MEMBERSHIP_UNPAID = "membership_unpaid"
    CHILD_LIMIT = "child_limit"
    FAMILY_LIMIT = "family_limit"
    CLASH = "clash"
    CHOSEN_ALREADY = "chosen_already"
    WEEK_CHOSEN_ALREADY = "week_chosen_already"
    NOT_RESIDENT = "not_resident"
    NOT_OUTSIDE = "not_outside"
    ADDRESS_UNKNOWN = "address_unknown"
    PROOF_MISSING = "proof_missing"
    PROOF_PENDING = "proof_pending"
    PROOF_REFUSED = "proof_refused"
    PROOF_EXPIRED = "proof_expired"
    APPROVAL_NEEDED = "approval_needed"
    APPROVAL_PENDING = "approval_pending"
    APPROVAL_REFUSED = "approval_refused"
    SUPPORT_NEEDED = "support_needed"
    SUPPORT_PENDING = "support_pending"
    SUPPORT_REFUSED = "support_refused"
    NOT_BILLABLE = "not_billable"
    MAY_NOT_ENROL = "may_not_enrol"
    MAY_NOT_PAY = "may_not_pay"
    NOT_YOUR_WEEK = "not_your_week"


class Action(StrEnum):
    """What the reader can do about it, which a page makes a link of."""

    FILL_IN = "fill_in"
    COMPLETE = "complete"
    ASK_BILLING = "ask_billing"
    JOIN = "join"
    PAY_BASKET = "pay_basket"
    PROVE = "prove"
    ASK_APPROVAL = "ask_approval"
    ASK_SUPPORT = "ask_support"
    ENTER_QUEUE = "enter_queue"
    WISH = "wish"


class Age(NamedTuple):
    """`unit` is year or month."""

    number: int
    unit: str


_MESSAGES = {
    Code.NOT_PUBLISHED: _("Cette activité n’est pas offerte en ce moment."),
    Code.NOT_OPEN_YET: _("Les inscriptions ouvrent le %(opens_at)s."),
    Code.NOT_ADMITTED: _("Beaucoup de familles s’inscrivent\u202f: prenez votre tour dans la salle d’attente."),
    Code.WISHES_FIRST: _("Les places sont tirées au sort\u202f: dites vos souhaits avant le %(opens_at)s."),
    Code.BEING_DRAWN: _("Les souhaits sont clos\u202f: les places sont attribuées par tirage au sort."),
    Code.WINDOW_CLOSED: _("La période d’inscription «\u202f%(audience)s\u202f» est finie depuis le %(closed_at)s."),
    Code.WRONG_AUDIENCE: _("Les inscriptions sont réservées à\u202f: %(audiences)s."),
    Code.DEADLINE_PASSED: _("La date limite, le %(deadline_on)s, est passée."),
    Code.OVER: _("C’est terminé depuis le %(ended_on)s."),
    Code.NOT_OFFERED: _("Ce choix n’est plus offert."),
    Code.FULL: _("C’est complet\u202f: il ne reste plus de place."),
    Code.BIRTH_DATE_UNKNOWN: _("%(first_name)s\u202f: la date de naissance manque au dossier."),
    Code.TOO_YOUNG: _("%(first_name)s est trop jeune\u202f: il faut avoir au moins %(age)s le %(on)s."),
    Code.TOO_OLD: _("%(first_name)s a dépassé l’âge\u202f: il faut avoir au plus %(age)s le %(on)s."),
    Code.LEVEL_UNKNOWN: _("%(first_name)s\u202f: «\u202f%(label)s\u202f» manque au dossier."),
    Code.WRONG_LEVEL: _("Cette activité est réservée à\u202f: %(levels)s."),
    Code.ESTABLISHMENT_UNKNOWN: _("%(first_name)s\u202f: «\u202f%(label)s\u202f» manque au dossier."),
    Code.WRONG_ESTABLISHMENT: _("Cette activité est réservée à\u202f: %(establishments)s."),
    Code.FORM_MISSING: _("%(first_name)s\u202f: «\u202f%(form)s\u202f» est à remplir d’abord."),
    Code.FORM_EXPIRED: _("%(first_name)s\u202f: «\u202f%(form)s\u202f» n’était valable que jusqu’au %(until)s."),
    Code.NOT_EARLIER: _("%(first_name)s doit avoir d’abord une inscription confirmée à «\u202f%(where)s\u202f»."),
    Code.NOT_MEMBER: _("Il faut une adhésion «\u202f%(where)s\u202f» valable le %(on)s."),
    Code.MEMBERSHIP_UNPAID: _("L’adhésion «\u202f%(where)s\u202f» est dans votre panier\u202f: payez-la d’abord."),
    Code.CHILD_LIMIT: ngettext_lazy(
        "%(first_name)s ne peut pas avoir plus d’une inscription dans «\u202f%(where)s\u202f».",
        "%(first_name)s ne peut pas avoir plus de %(maximum)s inscriptions dans «\u202f%(where)s\u202f».",
        "maximum",
    ),
    Code.FAMILY_LIMIT: ngettext_lazy(
        "Votre famille ne peut pas avoir plus d’une inscription dans «\u202f%(where)s\u202f».",
        "Votre famille ne peut pas avoir plus de %(maximum)s inscriptions dans «\u202f%(where)s\u202f».",
        "maximum",
    ),
    Code.CHOSEN_ALREADY: _("%(first_name)s a déjà fait son choix\u202f: «\u202f%(option)s\u202f»."),
    Code.WEEK_CHOSEN_ALREADY: _("%(first_name)s a déjà un choix pour cette semaine\u202f: «\u202f%(option)s\u202f»."),
    Code.CLASH: _("%(first_name)s a déjà «\u202f%(other)s\u202f» (%(option)s) en même temps, le %(on)s."),
    Code.NOT_RESIDENT: _("%(first_name)s\u202f: cette activité est réservée aux résidents."),
    Code.NOT_OUTSIDE: _("%(first_name)s\u202f: cette activité est réservée aux familles de l’extérieur."),
    Code.ADDRESS_UNKNOWN: _("%(first_name)s\u202f: l’adresse de la famille manque au dossier."),
    Code.PROOF_MISSING: _("%(first_name)s\u202f: une preuve de résidence est demandée d’abord."),
    Code.PROOF_PENDING: _("%(first_name)s\u202f: votre preuve de résidence est à l’étude."),
    Code.PROOF_REFUSED: _("%(first_name)s\u202f: votre preuve de résidence a été refusée. Envoyez-en une autre."),
    Code.PROOF_EXPIRED: _("%(first_name)s\u202f: votre preuve de résidence n’était valable que jusqu’au %(until)s."),
    Code.APPROVAL_NEEDED: _("%(first_name)s\u202f: demandez d’abord à inscrire, notre équipe vous répondra."),
    Code.APPROVAL_PENDING: _("%(first_name)s\u202f: votre demande d’approbation est à l’étude."),
    Code.APPROVAL_REFUSED: _("%(first_name)s\u202f: votre demande d’approbation a été refusée."),
    Code.SUPPORT_NEEDED: _("%(first_name)s\u202f: ce choix est réservé aux demandes de soutien acceptées."),
    Code.SUPPORT_PENDING: _("%(first_name)s\u202f: votre demande de soutien est à l’étude."),
    Code.SUPPORT_REFUSED: _("%(first_name)s\u202f: votre demande de soutien a été refusée."),
    Code.NOT_BILLABLE: _("Vous n’êtes pas responsable de la facturation\u202f: demandez-le dans votre profil."),
    Code.MAY_NOT_ENROL: _("Votre lien avec %(first_name)s ne permet pas de l’inscrire."),
    Code.MAY_NOT_PAY: _("Votre lien avec %(first_name)s ne permet pas de payer pour cette inscription."),
    Code.NOT_YOUR_WEEK: _("La semaine du %(monday)s n’est pas la vôtre dans le calendrier de garde de %(first_name)s."),
}
# Where registering opens for some before others, who is named.
_FOR_AN_AUDIENCE = _("Pour «\u202f%(audience)s\u202f», les inscriptions ouvrent le %(opens_at)s.")

_ACTIONS = {
    Code.FORM_MISSING: Action.FILL_IN,
    Code.FORM_EXPIRED: Action.FILL_IN,
    Code.BIRTH_DATE_UNKNOWN: Action.COMPLETE,
    Code.LEVEL_UNKNOWN: Action.COMPLETE,
    Code.ESTABLISHMENT_UNKNOWN: Action.COMPLETE,
    Code.ADDRESS_UNKNOWN: Action.COMPLETE,
    Code.PROOF_MISSING: Action.PROVE,
    Code.PROOF_REFUSED: Action.PROVE,
    Code.PROOF_EXPIRED: Action.PROVE,
    Code.APPROVAL_NEEDED: Action.ASK_APPROVAL,
    Code.APPROVAL_REFUSED: Action.ASK_APPROVAL,
    Code.SUPPORT_NEEDED: Action.ASK_SUPPORT,
    Code.NOT_BILLABLE: Action.ASK_BILLING,
    Code.NOT_MEMBER: Action.JOIN,
    Code.MEMBERSHIP_UNPAID: Action.PAY_BASKET,
    Code.NOT_ADMITTED: Action.ENTER_QUEUE,
    Code.WISHES_FIRST: Action.WISH,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`values` are days, local moments, ages, names, texts by language and lists of those.

    The message writes them for its reader. What an action needs is among them: `form_key`, `offering_slug`,
    `opening_id`.
    """

    code: Code
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        says_who = self.code is Code.NOT_OPEN_YET and "audience" in self.values
        message = _FOR_AN_AUDIENCE if says_who else _MESSAGES[self.code]
        # A number is given as it is: how many there are chooses between singular and plural.
        return str(message % {name: _written(value) for name, value in self.values.items()})

    @property
    def action(self) -> Action | None:
        """None where there is nothing to be done but to wait or to choose something else."""
        # Where families gather before it opens, there is.
        gathers = self.code is Code.NOT_OPEN_YET and "opening_id" in self.values
        return Action.ENTER_QUEUE if gathers else _ACTIONS.get(self.code)

    def __str__(self) -> str:
        return self.message


def listed(names: Iterable[str]) -> str:
    """« lundi, mardi et mercredi », as the reader's language writes it."""
    return format_list(list(names), locale=_locale())


def age_words(age: Age) -> str:
    """« 3 ans », « 18 mois »."""
    return format_unit(age.number, f"duration-{age.unit}", locale=_locale())


def day_words(day: date, *, without_year: bool = False) -> str:
    """« 30 septembre 2026 », or the day of any year."""
    if without_year:
        words = format_skeleton("MMMMd", day, locale=_locale())
        return words.replace("1 ", "1er ", 1) if day.day == 1 and _locale().language == "fr" else words
    return formats.date_words(day, _locale(), length="long")


def _locale() -> Locale:
    return formats.locale_for(get_language() or "fr", current().country)


def _written(value: Any) -> Any:
    if isinstance(value, int):
        return value
    locale = _locale()
    if isinstance(value, datetime):
        return formats.datetime_words(value, locale)
    if isinstance(value, date):
        return formats.date_words(value, locale)
    if isinstance(value, Age):
        return age_words(value)
    if isinstance(value, list):
        return listed(str(_written(each)) for each in value)
    return in_language(value) if isinstance(value, Mapping) else str(value)
