"""What staff granted a family, or are asked to."""

from datetime import date, timedelta
from typing import Any

from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.families.models import Guardian
from tests.factories.moments import NOON

_DEFAULT_KEYS = {Kind.RESIDENCE: "resident", Kind.INCOME: "band-1", Kind.SUBSIDY: "accesloisirs"}


def a_request(guardian: Guardian, kind: Kind = Kind.RESIDENCE, **columns: Any) -> Entitlement:
    """One that waits for its answer."""
    return Entitlement.objects.create(
        **{"kind": kind, "key": _DEFAULT_KEYS.get(kind, ""), "guardian": guardian, "asked_at": NOON, **columns}
    )


def a_grant(
    guardian: Guardian, kind: Kind = Kind.RESIDENCE, *, until: date | None = None, **columns: Any
) -> Entitlement:
    """One that was accepted yesterday, with or without an end."""
    return a_request(
        guardian,
        kind,
        **{
            "status": Status.GRANTED,
            "valid_from_on": (NOON - timedelta(days=1)).date(),
            "valid_until_on": until,
            "decided_at": NOON - timedelta(days=1),
            **columns,
        },
    )


def the_prices(**tables: Any) -> dict[str, Any]:
    """The `rules` of a profile whose price tables are these."""
    return {"prices": tables}
