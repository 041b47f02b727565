"""Writes an opening together with what opens there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings as catalog
from tenant_apps.openings import preparing
from tenant_apps.openings.models import Opening


@operation
def put(
    *,
    opening_id: UUID | None,
    columns: Mapping[str, Any],
    offerings: Iterable[Offering],
    seen: Iterable[UUID],
    actor: Actor,
    at: datetime,
) -> Opening:
    """`seen`: the offerings that the page let choose from; others, and another opening's, are left alone.

    Raises what `preparing` raises.
    """
    if opening_id is None:
        opening = preparing.add_opening(columns=columns, actor=actor, at=at)
    else:
        opening = preparing.change_opening(opening_id=opening_id, columns=columns, actor=actor, at=at)
    wanted = {each.pk for each in offerings}
    known = dict(Offering.objects.filter(pk__in=list(seen)).order_by("pk").values_list("pk", "opening_id"))
    for offering_id, now in known.items():
        then = opening.pk if offering_id in wanted else None
        if now in (None, opening.pk) and now != then:
            catalog.change_offering(offering_id=offering_id, columns={"opening_id": then}, actor=actor, at=at)
    return opening
