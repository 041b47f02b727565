"""Loads the organisation's own face, its payees and its establishments."""

from typing import Any

from tenant_apps.demonstration.reading import Data
from tenant_apps.organisation import operations, queries
from tenant_apps.organisation.models import Establishment, Payee


def load_face(data: Data) -> None:
    """How it looks, and what its preset could not know: who lives there, and where its guide is."""
    rules = queries.profile().rules
    prices = rules.get("prices", {})
    residence = {**prices.get("residence", {}), **data.get("residence", {})}
    own = {**data.get("rules", {}), "prices": {**prices, "residence": residence}}
    operations.describe(**data["organisation"], rules={**rules, **own})


def load_payees(data: Data) -> dict[str, Payee]:
    """By their key in the data."""
    return {key: operations.put_payee(**_without(payee, "email")) for key, payee in data["payees"].items()}


def load_establishments(data: Data, payees: dict[str, Payee]) -> dict[str, Establishment]:
    """By their code."""
    return {
        place["code"]: operations.put_establishment(
            **_without(place, "payee"),
            payee=payees[place["payee"]] if "payee" in place else None,
            position=position,
        )
        for position, place in enumerate(data["establishments"])
    }


def _without(columns: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in columns.items() if key != name}
