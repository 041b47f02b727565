"""Questions about slips: whose they are, and what a family has still to say."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tenant_apps.families.models import Guardian
from tenant_apps.families.queries import hidden_ids
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import issuers, readiness
from tenant_apps.slips.models import Slip
from tenant_apps.slips.readiness import Item


def issuing() -> list[tuple[Payee, str]]:
    """Each payee with each kind of slip that it issues."""
    payees = Payee.objects.order_by("name", "id")
    return [(payee, kind) for payee in payees for kind in issuers.of_payee(payee).kinds]


def shown_to(guardian_id: UUID) -> list[Slip]:
    """What a family may open: its own, published, and of no child from whom it is kept away since."""
    slips = published(guardian_id).select_related("payee", "participant", "amended_by")
    hidden = {str(each) for each in hidden_ids(guardian_id)}
    return [slip for slip in slips if not hidden & names_in(slip)]


def published(guardian_id: UUID) -> QuerySet[Slip]:
    return Slip.objects.filter(guardian_id=guardian_id).exclude(published_at=None).order_by("-year", "kind", "-number")


def names_in(slip: Slip) -> set[str]:
    """The identifiers of the children whom it names."""
    told = {str(child["id"]) for child in slip.facts.get("children", [])}
    return told | ({str(slip.participant_id)} if slip.participant_id else set())


def awaited(guardian: Guardian, *, on: date, zone: ZoneInfo) -> Iterator[tuple[Payee, int, Item]]:
    """What is not made yet of this year and the one before, of no child from whom the guardian is kept away."""
    hidden = hidden_ids(guardian.pk)
    for payee, kind in issuing():
        for year in (on.year, on.year - 1):
            for item in readiness.of(payee, kind, year, on=on, zone=zone, guardians=[guardian.pk]):
                if item.state in ("ready", "lacking") and not hidden & {child.pk for child in item.children}:
                    yield payee, year, item
