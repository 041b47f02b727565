"""The seven steps of an organisation's first day: each is done once the data say so, whoever did it and however."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import ConnectedAccount
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.models import Status as OfferingStatus
from tenant_apps.organisation import first_day
from tenant_apps.organisation.models import Establishment, MemberState, Profile, StaffMember
from tenant_apps.registrations.models import Registration, Status
from tenants.models import Organisation

_TAKEN_PART = (Status.CONFIRMED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: str
    text: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class FirstDay:
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def count(self) -> int:
        return len(self.steps)

    @cached_property
    def following(self) -> Step | None:
        """What to do now."""
        return next((step for step in self.steps if not step.is_done), None)

    @cached_property
    def missing(self) -> list[Step]:
        """What is to do before the last step, which opens the site."""
        return [step for step in self.steps[:-1] if not step.is_done]


def of(profile: Profile, organisation: Organisation) -> FirstDay | None:
    """None once all is done, or once nobody wants to see it any more. One query."""
    if first_day.is_dismissed(profile):
        return None
    found = all_of(profile, organisation)
    return found if found.done < found.count else None


def all_of(profile: Profile, organisation: Organisation) -> FirstDay:
    facts = _facts(organisation)
    done = {**facts, "brand": "brand" in profile.first_day, "live": organisation.live_at is not None}
    names = _pages(facts)
    told = [
        ("brand", _("Votre identité"), _("Nom, coordonnées, couleurs et logo.")),
        ("establishments", _("Vos établissements"), _("Les écoles ou les lieux où tout se passe.")),
        ("payee", _("Votre compte de paiement"), _("Pour que l’argent des familles vous arrive.")),
        ("offering", _("Une première activité"), _("Créez-la, fixez son prix et publiez-la.")),
        ("colleague", _("Un collègue"), _("Invitez au moins une personne, avec le rôle qui lui convient.")),
        ("trial", _("Une inscription d’essai"), _("Inscrivez comme une famille, puis désinscrivez.")),
        ("live", _("Ouvrir aux familles"), _("Le site devient visible de tous.")),
    ]
    return FirstDay(
        tuple(Step(key, title, text, reverse(f"office:{names[key]}"), done[key]) for key, title, text in told)
    )


def _pages(facts: dict[str, bool]) -> dict[str, str]:
    """Where nothing is there yet, the page that makes the first; else the list."""
    return {
        "brand": "identity",
        "establishments": "establishments" if facts["establishments"] else "establishment_add",
        "payee": "payee_accounts" if facts["payee_known"] else "payee_add",
        "offering": "offerings" if facts["offering_known"] else "new_offering",
        "colleague": "people" if facts["colleague"] else "staff_invite",
        "trial": "first_day_trial",
        "live": "go_live",
    }


def _facts(organisation: Organisation) -> dict[str, bool]:
    ready = ConnectedAccount.objects.filter(organisation=organisation, charges_enabled=True, disconnected_at=None)
    asked = {
        "establishments": Establishment.objects.all(),
        "payee": ready,
        "payee_known": ConnectedAccount.objects.filter(organisation=organisation),
        "offering": Offering.objects.filter(status=OfferingStatus.PUBLISHED),
        "offering_known": Offering.objects.all(),
        # The first one is whoever reads this.
        "colleague": StaffMember.objects.exclude(state=MemberState.WITHDRAWN).order_by("pk")[1:],
        "trial": Registration.objects.filter(status__in=_TAKEN_PART),
    }
    [found] = Profile.objects.values_list(*(Exists(rows) for rows in asked.values()))
    return dict(zip(asked, found, strict=True))
