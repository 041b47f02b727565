"""« Prêt pour l’ouverture »: what still stands between an opening and an evening without surprises."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from tenant_apps.catalog import readiness, visibility
from tenant_apps.catalog.models import Offering
from tenant_apps.office.editor import shell
from tenant_apps.office.rosters import OptionPlaces
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations import waiting_terms

_TIME_TO_PREPARE = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Item:
    """`level`: "bad" for what stops families, "warn" for what is worth a look; `about` names the offering."""

    level: str
    about: str
    words: str
    href: str


def of(
    opening: Opening, offerings: Iterable[Offering], places: Sequence[OptionPlaces], *, zone: ZoneInfo
) -> list[Item]:
    """Offerings come with their options; empty where nothing stands against it."""
    known = list(offerings)
    found = [*_of_opening(opening, known)]
    for offering in known:
        found += _of_offering(opening, offering, zone)
        own = [row for row in places if row.option.offering_id == offering.pk]
        found += [*_of_days(opening, offering, own, zone), *_of_places(offering, own)]
    return sorted(found, key=lambda item: item.level != "bad")


def _of_opening(opening: Opening, offerings: Sequence[Offering]) -> Iterator[Item]:
    edit = reverse("office:opening_edit", args=[opening.pk])
    if not offerings:
        yield Item("bad", "", _("Rien n’ouvre encore à ce moment\u202f: choisissez les activités."), edit)
    if opening.opens_at - opening.gathers_from < _TIME_TO_PREPARE:
        told = _("Les familles ont moins de cinq jours pour se préparer\u202f: leurs fiches pourraient manquer.")
        yield Item("warn", "", told, edit)


def _of_offering(opening: Opening, offering: Offering, zone: ZoneInfo) -> Iterator[Item]:
    publish = shell.address("publier", offering.slug)
    conditions = shell.address("conditions", offering.slug)
    if not visibility.is_shown(offering, at=opening.gathers_from):
        told = (
            _("N’est pas publiée quand les familles se préparent.")
            if visibility.is_shown(offering, at=opening.opens_at)
            else _("Ne sera pas publiée à l’ouverture.")
        )
        yield Item("bad", offering.title, told, publish)
    for lack in readiness.lacks(offering, at=opening.opens_at, zone=zone):
        yield Item("bad", offering.title, lack.message, shell.address(lack.step, offering.slug))
    if offering.deadline_on and clock.end_of_day(offering.deadline_on, zone) <= opening.opens_at:
        yield Item("bad", offering.title, _("Sa date limite vient avant l’ouverture."), conditions)
    if offering.opens_at and offering.opens_at > opening.opens_at:
        told = _("Elle a sa propre date d’ouverture, plus tardive\u202f: elle resterait fermée.")
        yield Item("bad", offering.title, told, conditions)
    if opening.mode == Mode.LOTTERY and offering.windows:
        told = _("Ses périodes d’inscription comptent aussi\u202f: vérifiez qu’elles n’excluent personne du tirage.")
        yield Item("warn", offering.title, told, conditions)
    if not waiting_terms.has_list(offering):
        told = _("N’a pas de liste d’attente\u202f: qui n’a pas de place n’a rien à demander.")
        yield Item("warn", offering.title, told, reverse("office:edit_practices", args=[offering.slug]))


def _of_days(opening: Opening, offering: Offering, places: Sequence[OptionPlaces], zone: ZoneInfo) -> Iterator[Item]:
    day = clock.local_date(opening.opens_at, zone)
    if early := [row.name for row in places if row.option.starts_on and row.option.starts_on < day]:
        told = _("Ces choix commencent avant l’ouverture : %(names)s.") % {"names": ", ".join(early)}
        yield Item("bad", offering.title, told, shell.address("choix", offering.slug))
    if any(row.taken for row in places):
        told = _("Des places y sont déjà prises : d’ici à l’ouverture, plus personne ne s’y inscrit.")
        yield Item("warn", offering.title, told, reverse("office:offering", args=[offering.slug]))


def _of_places(offering: Offering, places: Sequence[OptionPlaces]) -> Iterator[Item]:
    page = reverse("office:offering", args=[offering.slug])
    if without := [row.name for row in places if row.capacity is None]:
        names = ", ".join(without)
        told = _("Le nombre de places n’est pas dit\u202f: %(names)s.") % {"names": names}
        yield Item("warn", offering.title, told, page)
    if empty := [row.name for row in places if row.left == 0]:
        names = ", ".join(empty)
        yield Item("warn", offering.title, _("Aucune place n’est libre\u202f: %(names)s.") % {"names": names}, page)
