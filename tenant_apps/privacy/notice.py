"""What is held, why and until when, as families and staff read it: by the inventory and the questions of the forms."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.inventory import DataClass, Held, Retention, declared
from kernel.words import in_language
from tenant_apps.forms import asking, definitions
from tenant_apps.forms.models import FormVersion
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.keeping import Keeping
from tenant_apps.organisation.rules import read

_ROOMS = ("families", "forms", "entitlements", "openings", "registrations", "orders", "payments", "changes")
_FAMILIES = ("accounts", "account", *_ROOMS, "outbox", "audit")
_ABOUT_PEOPLE = (DataClass.PERSONAL, DataClass.HEALTH, DataClass.NATIONAL_NUMBER, DataClass.PAYMENT)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One line of the notice; `fields` are the names of the columns, for staff."""

    why: str
    data: str | Promise
    until: str
    basis: str | Promise
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a form in use, and its class."""

    form: str
    question: str
    data: str | Promise


def for_families() -> list[Purpose]:
    """What is held about them, each purpose once."""
    return list(_purposes(_FAMILIES))


def for_staff() -> list[Purpose]:
    return list(_purposes(tuple(sorted({name.partition(".")[0] for name in declared()}))))


def questions() -> list[Asked]:
    """Of the versions in force, by form."""
    latest = FormVersion.objects.select_related("form").order_by("form__position", "form__title", "form_id", "-number")
    return [
        Asked(version.form.shown_title, in_language(question.label), DataClass(question.data_class).label)
        for version in latest.distinct("form__position", "form__title", "form_id")
        for question in definitions.questions(asking.sections(version))
    ]


def until(retention: Retention, keeping: Keeping) -> str:
    """In words, with the organisation's own number of days."""
    if retention == Retention.HEALTH:
        return after_health(keeping.health_days)
    if retention == Retention.PARTICIPATION:
        return after_participation(keeping.participation_days)
    if retention == Retention.SHORT:
        return days(keeping.short_days)
    if retention == Retention.ACCOUNTING:
        return years(keeping.accounting_years)
    return str(retention.label)


def terms(keeping: Keeping) -> list[tuple[str, str]]:
    """The organisation's own, by what they are about."""
    return [
        (_("Santé"), after_health(keeping.health_days)),
        (_("Participation"), after_participation(keeping.participation_days)),
        (_("Messages et fichiers de travail"), days(keeping.short_days)),
        (_("Comptabilité"), years(keeping.accounting_years)),
    ]


def after_health(number: int) -> str:
    return ngettext(
        "%(counter)s jour après l’activité, ou après l’expiration de la fiche",
        "%(counter)s jours après l’activité, ou après l’expiration de la fiche",
        number,
    ) % {"counter": number}


def after_participation(number: int) -> str:
    return ngettext(
        "%(counter)s jour après la dernière activité, puis anonyme",
        "%(counter)s jours après la dernière activité, puis anonyme",
        number,
    ) % {"counter": number}


def days(number: int) -> str:
    return ngettext("%(counter)s jour", "%(counter)s jours", number) % {"counter": number}


def years(number: int) -> str:
    return ngettext("%(counter)s an au moins", "%(counter)s ans au moins", number) % {"counter": number}


def _purposes(apps: tuple[str, ...]) -> Iterator[Purpose]:
    keeping = read(organisation.profile().rules).keeping
    found: dict[Held, list[str]] = {}
    for name, held in declared().items():
        if name.partition(".")[0] in apps and held.data in _ABOUT_PEOPLE:
            found.setdefault(held, []).append(name)
    for held, names in found.items():
        yield Purpose(
            why=str(held.purpose),
            data=held.data.label,
            until=until(held.retention, keeping),
            basis=held.basis.label,
            fields=tuple(names),
        )
