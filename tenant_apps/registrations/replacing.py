"""A line of a basket that stands for a registration that was paid: it costs the difference, and what changing costs.

What the other one was charged counts as paid. Once the line is confirmed, the other one is given up in the same
transaction (registrations.operations.confirm); until then it stands, so that nobody loses a place by trying.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tenant_apps.catalog.pricing.quote import CHANGE_FEE, REPLACED, Quote, Step
from tenant_apps.registrations import reversing
from tenant_apps.registrations.models import Registration

_KEY = "change_fee_cents"
# The participant and the option that it stood for when that was agreed.
_BEFORE = "instead_of"


def priced(registrations: Sequence[Registration], quotes: Sequence[Quote]) -> list[Quote]:
    """The same quotes; of what stands for something, with what that counts for. One query where something does."""
    wanted = [each.replaces_id for each in registrations if each.replaces_id]
    if not wanted:
        return list(quotes)
    replaced = Registration.objects.in_bulk(wanted)
    return [
        _priced(registration, quote, replaced[registration.replaces_id]) if registration.replaces_id else quote
        for registration, quote in zip(registrations, quotes, strict=True)
    ]


def kept(registration: Registration) -> Mapping[str, Any]:
    """What a new price leaves as it was agreed."""
    return {key: registration.quote[key] for key in (_KEY, _BEFORE) if key in registration.quote}


def agreed(fee_cents: int, replaced: Registration) -> dict[str, Any]:
    """The quote of a line that is about to have its price."""
    return {_KEY: fee_cents, _BEFORE: _what(replaced)}


def still_counts(registration: Registration, replaced: Registration) -> bool:
    """Whether it is still what the line's price has counted: who pays a page given up may have changed it since."""
    was = registration.quote.get(_BEFORE, _what(replaced))
    return bool(was == _what(replaced)) and left_over(registration, replaced) >= 0


def left_over(registration: Registration, replaced: Registration) -> int:
    """What counts as paid beyond what the line costs, where its price fell while it lay in the basket."""
    steps = reversing.charged(registration).steps
    used = -sum(step.cents for step in steps if step.kind == REPLACED)
    return reversing.charged(replaced).worth.amount_cents - used


def _what(replaced: Registration) -> list[str]:
    return [str(replaced.participant_id), str(replaced.option_id)]


def _priced(registration: Registration, quote: Quote, replaced: Registration) -> Quote:
    before = reversing.charged(replaced).worth
    fee = int(kept(registration).get(_KEY, 0))
    credit = min(before.amount_cents, quote.amount_cents + fee)
    steps = [
        *quote.steps,
        Step(REPLACED, -credit, {"taxes": dict(before.taxes_cents)}),
        Step(CHANGE_FEE, fee),
    ]
    return Quote([step for step in steps if step.cents or step.kind == REPLACED], quote.taxes_cents, quote.family)
