"""What stands against publishing an offering, and where to put it right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from billing import standing
from tenant_apps.catalog import timing
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.catalog.pricing import wording


@dataclass(frozen=True, slots=True)
class Lack:
    """`step` and `field` say where; `option_id` names the option where it is one's own."""

    step: str
    field: str
    message: str
    option_id: str = ""


def lacks(offering: Offering, *, at: datetime, zone: ZoneInfo, every: Iterable[Option] | None = None) -> list[Lack]:
    """In the order of the steps; empty for what may be published. `at` is when families would see it first.

    `every`: the options that it will have, where they are not written yet.
    """
    options = [option for option in (offering.options.all() if every is None else every) if option.is_offered]
    return [
        *_presentation(offering),
        *_options(offering, options, at, zone),
        *_terms(offering),
        *_payment(offering, options),
        *_prices(offering),
    ]


def _presentation(offering: Offering) -> Iterator[Lack]:
    if not offering.title.strip():
        yield Lack("presentation", "title", _("Le titre manque."))
    if not offering.presentation.strip() and not offering.summary.strip():
        yield Lack("presentation", "summary", _("Dites aux familles ce que c’est\u202f: le résumé ou le texte manque."))
    if offering.picture and not offering.picture_alt.strip():
        yield Lack("presentation", "picture_alt", _("L’image n’est pas décrite pour qui ne la voit pas."))
    if offering.starts_on and offering.ends_on and offering.ends_on < offering.starts_on:
        yield Lack("presentation", "ends_on", _("La fin vient avant le début."))


def _options(offering: Offering, options: list[Option], at: datetime, zone: ZoneInfo) -> Iterator[Lack]:
    if offering.nature == Nature.CONSENT:
        return
    if not options:
        yield Lack("choix", "", _("Il n’y a aucun choix à prendre\u202f: ajoutez-en au moins un."))
        return
    for option in options:
        yield from _of_option(offering, option)
    if all(timing.of_option(option, at=at, zone=zone) for option in options):
        yield Lack("choix", "starts_on", _("Tous les choix sont passés."))


def _of_option(offering: Offering, option: Option) -> Iterator[Lack]:
    def lack(field: str, message: str) -> Lack:
        return Lack("choix", field, message % {"option": option.name}, str(option.id))

    if option.starts_on and option.ends_on and option.ends_on < option.starts_on:
        yield lack("ends_on", _("«\u202f%(option)s\u202f» finit avant de commencer."))
    if option.maximum_quantity < option.minimum_quantity:
        yield lack("maximum_quantity", _("«\u202f%(option)s\u202f» a un maximum plus petit que son minimum."))
    if option.is_voluntary and option.price_cents:
        yield lack(
            "price_cents", _("«\u202f%(option)s\u202f» est une contribution volontaire\u202f: elle n’a pas de prix.")
        )
    if offering.nature == Nature.COURSE and not (option.meetings or option.starts_on or offering.starts_on):
        yield lack("meetings", _("«\u202f%(option)s\u202f»\u202f: dites quand le cours a lieu."))
    # What has no day is of no week, and beside every choice of one.
    if offering.selection == Selection.PER_WEEK and not (option.starts_on or option.is_voluntary):
        yield lack(
            "starts_on",
            _("«\u202f%(option)s\u202f»\u202f: dites son premier jour, puisqu’on en choisit un par semaine."),
        )


def _terms(offering: Offering) -> Iterator[Lack]:
    if offering.nature == Nature.CONSENT and offering.consent_form_id is None:
        yield Lack("conditions", "consent_form", _("Choisissez le texte que les parents signent."))
    for window in offering.windows:
        if window.get("closes_at") and window["closes_at"] <= window["opens_at"]:
            yield Lack("conditions", "windows", _("Une période d’inscription se ferme avant de s’ouvrir."))


def _payment(offering: Offering, options: list[Option]) -> Iterator[Lack]:
    asks_money = any(option.price_cents or option.is_voluntary for option in options)
    account = offering.payee.processor_account if asks_money else ""
    if asks_money and (not account or standing.never_opened(account)):
        yield Lack("prix", "payee", _("Ce compte de paiement ne peut pas encore recevoir d’argent en ligne."))


def _prices(offering: Offering) -> Iterator[Lack]:
    """What it names of the organisation's tables: what only archived offerings name may be taken away."""
    rules, scheme = offering.pricing.get("rules", ()), offering.pricing.get("family")
    bands = {rule["band"] for rule in rules if "band" in rule}
    subsidies = {rule["subsidy"] for rule in rules if "subsidy" in rule}
    if not (scheme or bands or subsidies):
        return
    tables = wording.tables()
    if scheme and tables.family(scheme) is None:
        told = _("Le rabais de famille n’est plus dans vos tarifs\u202f: choisissez-en un autre.")
        yield Lack("prix", "family", told)
    if bands - {each.key for each in tables.income_bands}:
        yield Lack("prix", "", _("Une règle de prix nomme une tranche de revenu qui n’est plus dans vos tarifs."))
    if subsidies - {each.key for each in tables.subsidies}:
        yield Lack("prix", "", _("Une règle de prix nomme une aide financière qui n’est plus dans vos tarifs."))
