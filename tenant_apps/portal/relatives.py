"""« Parents et responsables » as one guardian sees them: names, roles and rights, nothing of another household."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.design import formats
from tenant_apps.families import custody, queries
from tenant_apps.families.custody import Period, Weeks
from tenant_apps.families.models import Guardian, Guardianship, GuardianshipRole, LinkRequest, Participant
from tenant_apps.forms import phone


@dataclass(frozen=True)
class Relative:
    name: str
    role: str
    is_me: bool
    rights: list[str]
    weeks: list[str]


@dataclass(frozen=True)
class Fetcher:
    """Who may fetch the child. `phone` is told to the household that gave it, and to staff."""

    name: str
    relation: str
    phone: str


def of_child(child: Participant, guardian: Guardian, *, territory: str) -> list[Relative]:
    return [_relative(link, guardian, territory) for link in queries.responsible_for(child.id)]


def fetchers(child: Participant, guardian: Guardian, *, territory: str) -> Iterator[Fetcher]:
    together = set(
        Guardian.objects.filter(household=guardian.household).values_list("id", flat=True) if guardian.household else ()
    )
    ours = {str(each) for each in {guardian.id, *together}}
    for each in child.pick_up_people:
        number = phone.shown(each.get("phone", ""), territory) if each.get("by") in ours else ""
        yield Fetcher(each["name"], each.get("relation", ""), number)


@dataclass(frozen=True)
class Asker:
    """Somebody who asks to be responsible too: their name and no address."""

    claim: LinkRequest
    name: str


def askers(claims: Iterable[LinkRequest]) -> list[Asker]:
    return [Asker(claim, name_of(claim.guardian)) for claim in claims]


def name_of(guardian: Guardian | None) -> str:
    """Never the address, where no name is known."""
    known = f"{guardian.first_name} {guardian.last_name}".strip() if guardian else ""
    return known or _("Un autre responsable")


def weeks_in_words(periods: list[Period], *, territory: str) -> list[str]:
    locale = formats.locale_for(get_language() or "fr", territory)

    def day(moment: date) -> str:
        return formats.date_words(moment, locale, length="long")

    return [_period_in_words(period, day) for period in periods]


def _period_in_words(period: Period, day: Callable[[date], str]) -> str:
    weeks = {
        Weeks.ALL: _("Toutes les semaines"),
        Weeks.EVEN: _("Les semaines paires"),
        Weeks.ODD: _("Les semaines impaires"),
    }[period.weeks]
    if period.since and period.until:
        said = {"weeks": weeks, "since": day(period.since), "until": day(period.until)}
        return _("%(weeks)s, du %(since)s au %(until)s") % said
    if period.since:
        return _("%(weeks)s, à partir du %(since)s") % {"weeks": weeks, "since": day(period.since)}
    if period.until:
        return _("%(weeks)s, jusqu’au %(until)s") % {"weeks": weeks, "until": day(period.until)}
    return weeks


def rights_in_words(*, may_enrol: bool, may_see_health: bool, may_pay: bool) -> list[str]:
    every = [(may_enrol, _("inscrire")), (may_see_health, _("voir la santé")), (may_pay, _("payer"))]
    return [words for has, words in every if has]


def _relative(link: Guardianship, guardian: Guardian, territory: str) -> Relative:
    is_me = link.guardian_id == guardian.id
    return Relative(
        name=name_of(link.guardian),
        role=str(GuardianshipRole(link.role).label),
        is_me=is_me,
        rights=rights_in_words(may_enrol=link.may_enrol, may_see_health=link.may_see_health, may_pay=link.may_pay),
        weeks=weeks_in_words(custody.read(link.custody), territory=territory) if is_me else [],
    )
