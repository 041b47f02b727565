"""The same change to many offerings at once, each by the operations of the editor."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import errors, history
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings, publishing

# What is done to one offering; it raises a Refusal where it may not be.
Edit = Callable[[Offering, Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`against`: why not, in words, a line each; `changes` is empty where there is nothing to change."""

    offering: Offering
    changes: Changes = field(default_factory=dict)
    against: Sequence[str] = ()

    def told(self) -> list[Any]:
        return [str(self.offering.pk), self.changes, list(self.against)]


@operation
def attempt(edit: Edit, *, offering_ids: Iterable[UUID], actor: Actor, at: datetime) -> list[Outcome]:
    """What may be is done; see `foreseen`."""
    # One order for everybody: two who change the same rows wait for each other and do not lock up.
    found = Offering.objects.filter(pk__in=list(offering_ids)).order_by("pk")
    outcomes = [_one(edit, offering, actor, at) for offering in found]
    return sorted(outcomes, key=lambda outcome: (outcome.offering.title, str(outcome.offering.pk)))


def publish(publishes_at: datetime | None = None) -> Edit:
    """At once, or from a moment on."""
    return lambda offering, actor, at: publishing.publish(
        offering_id=offering.pk, publishes_at=publishes_at, actor=actor, at=at
    )


def archive() -> Edit:
    return lambda offering, actor, at: publishing.archive(offering_id=offering.pk, actor=actor, at=at)


def change(columns: Mapping[str, Any]) -> Edit:
    return lambda offering, actor, at: offerings.change_offering(
        offering_id=offering.pk, columns=columns, actor=actor, at=at
    )


def tag(*, added: Sequence[str], removed: Sequence[str]) -> Edit:
    """Those added come after those that there are."""

    def edit(offering: Offering, actor: Actor, at: datetime) -> None:
        kept = [each for each in offering.tags if each not in removed]
        tags = list(dict.fromkeys([*kept, *added]))
        offerings.change_offering(offering_id=offering.pk, columns={"tags": tags}, actor=actor, at=at)

    return edit


def _one(edit: Edit, offering: Offering, actor: Actor, at: datetime) -> Outcome:
    before = history.state(offering)
    try:
        with transaction.atomic():
            edit(offering, actor, at)
    except Refusal as refusal:
        return Outcome(offering, against=errors.reasons(refusal))
    now = Offering.objects.select_related("season", "category").get(pk=offering.pk)
    return Outcome(offering, history.changes(before, history.state(now)))
