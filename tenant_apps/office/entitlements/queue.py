"""How the list of requests is narrowed, and what it shows of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from tenant_apps.entitlements import wording
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.wording import State
from tenant_apps.organisation.prices import Prices
from tenant_apps.registrations import support


class QueueFilters(forms.Form):
    q = forms.CharField(label=_("Nom"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(label=_("Demande"), required=False, choices=[("", _("Toutes")), *Kind.choices])
    status = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("À traiter")), *((value, label) for value, label in Status.choices if value != Status.ASKED)],
    )


@dataclass(frozen=True, slots=True)
class Row:
    entitlement: Entitlement
    title: str
    state: State
    kept_until: datetime | None


def narrowed(found: QuerySet[Entitlement], form: QueueFilters) -> QuerySet[Entitlement]:
    """By what is valid in the form; who has waited longest comes first, and of what is answered the latest."""
    form.is_valid()
    wanted = form.cleaned_data
    status = wanted.get("status") or Status.ASKED
    found = found.filter(status=status)
    if kind := wanted.get("kind"):
        found = found.filter(kind=kind)
    for word in folding.words(wanted.get("q") or ""):
        found = found.filter(Q(guardian__search_text__contains=word) | Q(participant__search_text__contains=word))
    order = ["asked_at", "id"] if status == Status.ASKED else ["-decided_at", "-id"]
    return found.select_related("guardian", "participant", "offering", "option").defer("sealed").order_by(*order)


def rows(found: Iterable[Entitlement], prices: Prices, *, on: date) -> list[Row]:
    """The places that are kept, in one query for the page."""
    page = list(found)
    kept = support.kept_places([each for each in page if each.kind == Kind.SUPPORT and each.status == Status.ASKED])
    return [
        Row(
            each,
            wording.title(each, prices),
            wording.state(each, on),
            kept[each.id].held_until if each.id in kept else None,
        )
        for each in page
    ]
