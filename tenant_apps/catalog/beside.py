"""What is read along with offerings that are looked at one by one: their options, levels and establishments."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.kept import kept, lay
from tenant_apps.catalog.models import Offering, Option


def read_along(offerings: Sequence[Offering], *names: str) -> None:
    """As Django's prefetch of these names, by statements that are written once."""
    for name in names:
        bare = [each for each in offerings if name not in getattr(each, "_prefetched_objects_cache", ())]
        if bare:
            _READERS[name](bare)


def _options(offerings: Sequence[Offering]) -> None:
    rows = _options_of([each.id for each in offerings])
    for offering in offerings:
        own = [option for option in rows if option.offering_id == offering.id]
        for option in own:
            option.offering = offering
        lay(offering, "options", own)


def _levels(offerings: Sequence[Offering]) -> None:
    links = _levels_of([each.id for each in offerings])
    for offering in offerings:
        lay(offering, "levels", [link.level for link in links if link.offering_id == offering.id])


def _establishments(offerings: Sequence[Offering]) -> None:
    links = _establishments_of([each.id for each in offerings])
    for offering in offerings:
        lay(offering, "establishments", [link.establishment for link in links if link.offering_id == offering.id])


_READERS: dict[str, Callable[[Sequence[Offering]], None]] = {
    "options": _options,
    "levels": _levels,
    "establishments": _establishments,
}


@kept
def _options_of(offering_ids: list[UUID]) -> QuerySet[Option]:
    return Option.objects.filter(offering_id__among=offering_ids)


@kept
def _levels_of(offering_ids: list[UUID]) -> QuerySet[Any]:
    links = Offering.levels.through.objects.filter(offering_id__among=offering_ids)
    return links.select_related("level").order_by("level")


@kept
def _establishments_of(offering_ids: list[UUID]) -> QuerySet[Any]:
    links = Offering.establishments.through.objects.filter(offering_id__among=offering_ids)
    return links.select_related("establishment").order_by("establishment")
