"""Template filters for « why this price? »: the steps of a quote, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing import words
from tenant_apps.catalog.pricing.quote import Quote, Step

register = template.Library()


@dataclass(frozen=True, slots=True)
class Told:
    """A step as a page shows it; a note is in the price already and adds nothing."""

    label: str
    cents: int
    is_note: bool


@register.filter
def steps(quote: Quote | Mapping[str, Any] | Sequence[Step]) -> list[Told]:
    """Of a quote, of what is kept of one, or of its steps."""
    return [_told(step, words.label(step)) for step in _steps(quote)]


@register.filter
def steps_for_staff(quote: Quote | Mapping[str, Any]) -> list[Told]:
    """Without what was granted to the family: its amount is enough for who keeps the accounts."""
    return [_told(step, words.label_for_staff(step)) for step in _steps(quote)]


@register.filter
def amount(quote: Quote | Mapping[str, Any]) -> int:
    return sum(step.cents for step in _steps(quote))


def _steps(quote: Quote | Mapping[str, Any] | Sequence[Step]) -> Sequence[Step]:
    if isinstance(quote, Mapping):
        return quotes.read(quote).steps
    return quote.steps if isinstance(quote, Quote) else quote


def _told(step: Step, label: str) -> Told:
    return Told(label, step.cents, "included_cents" in step.values)
