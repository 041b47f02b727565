"""Openings and wishes, in the words of a test."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations.lottery import wishes
from tenant_apps.registrations.models import PlaceRequest
from tests.factories.catalog import an_offering
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_claim

_number = count(1)
# A wish is said at noon; the draw is a week later.
DRAW = NOON + timedelta(days=7)


def an_opening(mode: str = Mode.LOTTERY, **columns: Any) -> Opening:
    """One that gathers since yesterday and opens in a week."""
    number = next(_number)
    return Opening.objects.create(
        **{
            "name": f"Ouverture {number}",
            "mode": mode,
            "gathers_from": NOON - timedelta(days=1),
            "opens_at": DRAW,
            "seed": f"seed-{number}",
            **columns,
        }
    )


def an_offering_of(opening: Opening, **columns: Any) -> Offering:
    """One that opens with it, and has a waiting list."""
    return an_offering(**{"opening": opening, "waiting": {"mode": "automatic"}, **columns})


def a_wish(
    opening: Opening,
    *choices: Option | Sequence[tuple[Participant, Option]],
    of: Guardian | None = None,
    child: Participant | None = None,
    group: UUID | None = None,
    at: datetime = NOON,
) -> list[PlaceRequest]:
    """Of a new family's child if nobody is named; a choice is an option, or pairs that are to be had together."""
    guardian = of or a_guardian()
    one = child
    if one is None and any(isinstance(choice, Option) for choice in choices):
        one = a_child(of=guardian)
    return wishes.say(
        opening_id=opening.id,
        guardian_id=guardian.id,
        group=group,
        choices=[
            [a_claim(one, choice)]
            if isinstance(choice, Option) and one is not None
            else [a_claim(who, option) for who, option in choice]  # type: ignore[union-attr]
            for choice in choices
        ],
        actor=SYSTEM,
        at=at,
    )
