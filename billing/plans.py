"""What the platform sells, as billing/plans.yaml has it, and the rows that keep it."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from billing.models import Plan
from kernel.transactions import operation
from tenants.context import in_registry

_FILE = Path(__file__).with_name("plans.yaml")


@operation
def sync() -> list[Plan]:
    """Write the file's plans; one that left it is offered no more, and kept for who has it. Twice is once."""
    written = _read()
    with in_registry():
        for position, (code, said) in enumerate(written.items()):
            Plan.objects.update_or_create(code=code, defaults={**said, "position": position, "is_offered": True})
        Plan.objects.exclude(code__in=written).update(is_offered=False)
        return offered()


def offered() -> list[Plan]:
    """In their order. None where the platform sells nothing: nobody is then limited or billed."""
    return list(Plan.objects.filter(is_offered=True))


def chosen(code: str) -> Plan | None:
    """The offered plan of that code, else the first that is offered."""
    every = offered()
    return next((plan for plan in every if plan.code == code), every[0] if every else None)


def name_of(plan: Plan) -> str:
    """In the reader's language."""
    return _said(plan.names, plan.code)


def summary_of(plan: Plan) -> str:
    return _said(plan.summaries, "")


def price_of(plan: Plan, currency: str) -> dict[str, int]:
    """{"month": cents, "participant": cents}. Raises LookupError where the plan is not sold in that currency."""
    prices: dict[str, int] = plan.prices[currency]
    return prices


def terms_of(plan: Plan, currency: str) -> dict[str, int]:
    """What is sold to who chooses the plan now: its price, and the participants it includes."""
    return {**price_of(plan, currency), "included": plan.participants}


def _said(words: dict[str, str], otherwise: str) -> str:
    return words.get((get_language() or "fr")[:2]) or words.get("fr") or otherwise


@cache
def _read() -> dict[str, dict[str, Any]]:
    with _FILE.open(encoding="utf-8") as file:
        read: dict[str, dict[str, Any]] = yaml.safe_load(file)
    return read
