"""The order for the supplier of an offering, the head count, and the buses and adults that it takes (S3-37)."""

from collections.abc import Iterator

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.catalog.models import Nature, Offering, Selection
from tenant_apps.office import exports
from tenant_apps.office.catalogue import supplier_counts
from tenant_apps.office.catalogue.supplier_counts import Counts
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.models import Establishment


class TransportForm(forms.Form):
    """Nothing of it is kept: it is a sum."""

    seats = forms.IntegerField(
        label=gettext_lazy("Places assises par autobus"),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    ratio = forms.IntegerField(
        label=gettext_lazy("Participants par adulte"),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


@staff()
def order(request: HttpRequest, slug: str) -> HttpResponse:
    found, counts = _found(request, slug)
    form = TransportForm(request.GET if "seats" in request.GET or "ratio" in request.GET else None)
    asked = form.cleaned_data if form.is_valid() else {}
    transport = supplier_counts.transport(counts.participants, seats=asked.get("seats"), ratio=asked.get("ratio"))
    context = {
        "offering": found,
        "counts": counts,
        "form": form,
        "transport": transport,
        "seats": asked.get("seats"),
        "asks_transport": found.nature in (Nature.OUTING, Nature.CAMP),
        "counts_pieces": found.selection == Selection.QUANTITIES,
        "drawn_at": clock.now(),
    }
    return page(request, "office/catalogue/supplier.html", context, section="offerings")


@staff()
def order_csv(request: HttpRequest, slug: str) -> HttpResponse:
    found, counts = _found(request, slug)
    head = [_("Code"), _("Choix"), _("Date"), _("Établissement"), _("Quantité confirmée"), _("En attente de paiement")]
    return exports.table(f"commande-{found.slug}", head, _rows(counts))


def _found(request: HttpRequest, slug: str) -> tuple[Offering, Counts]:
    scope = of_request(request)
    found = get_object_or_404(scope.offerings(), slug=slug)
    return found, supplier_counts.counts_of(found, scope.registrations())


def _rows(counts: Counts) -> Iterator[list[object]]:
    """A line for each choice and establishment of which there is something."""
    for option in counts.options:
        for place in counts.establishments or [None]:
            key = (option.pk, place.pk if place else None)
            confirmed, pending = counts.confirmed[key], counts.pending[key]
            if confirmed or pending:
                day = option.starts_on.isoformat() if option.starts_on else ""
                yield [option.code, option.name, day, _place(place), confirmed, pending]


def _place(place: Establishment | None) -> str:
    return place.name if place else _("Sans établissement")
