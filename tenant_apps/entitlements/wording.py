"""A request in words: what it asks, and what became of it."""

from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from kernel.words import in_language
from tenant_apps.entitlements import holding
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.organisation.prices import Named, Prices


class State(StrEnum):
    """What its status and its days say together."""

    WAITING = "waiting"
    HOLDS = "holds"
    TO_COME = "to_come"
    ENDED = "ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_OF_STATUS = {Status.ASKED: State.WAITING, Status.REFUSED: State.REFUSED, Status.WITHDRAWN: State.WITHDRAWN}


def state(entitlement: Entitlement, on: date) -> State:
    if entitlement.status != Status.GRANTED:
        return _OF_STATUS[Status(entitlement.status)]
    if holding.holds(entitlement, on):
        return State.HOLDS
    return State.ENDED if holding.has_ended(entitlement, on) else State.TO_COME


def title(entitlement: Entitlement, prices: Prices) -> str:
    """« Aide financière : Accès-Loisirs », « Demande de soutien : Camp d’été, semaine 1 »."""
    parts = [str(each) for each in (entitlement.offering, entitlement.option) if each is not None]
    about = ", ".join(parts) or key_label(entitlement.kind, entitlement.key, prices)
    kind = entitlement.get_kind_display()
    return _("%(kind)s\u202f: %(about)s") % {"kind": kind, "about": about} if about else kind


def key_label(kind: str, key: str, prices: Prices) -> str:
    """In the reader's language; the key itself for what the organisation no longer has, nothing where it says all."""
    if not key or kind == Kind.RESIDENCE:
        return ""
    found = next((each for each in named(kind, prices) if each.key == key), None)
    return in_language(found.label) if found else key


def named(kind: str, prices: Prices) -> tuple[Named, ...]:
    """Among which ones the organisation lets choose."""
    return {Kind.INCOME.value: prices.income_bands, Kind.SUBSIDY.value: prices.subsidies}.get(kind, ())
