"""The list of registrations, on the page and as a table to download."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.office import exports
from tenant_apps.office.filters import RegistrationFilters, narrowed, ordered, sort_of
from tenant_apps.office.pages import page
from tenant_apps.office.scope import Scope, of_request
from tenant_apps.orders.models import OrderLine
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations.models import Registration

_PER_PAGE = 50


@staff()
def registrations(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = RegistrationFilters(request.GET, scope=scope)
    sort = sort_of(request.GET.get("sort", ""))
    found = Paginator(_found(scope, form, sort), _PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "office/registrations.html",
        {"form": form, "found": found, "sort": sort, "is_narrowed": any(form.cleaned_data.values())},
        section="registrations",
    )


@staff()
def registrations_csv(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = RegistrationFilters(request.GET, scope=scope)
    found = _found(scope, form, sort_of(request.GET.get("sort", "")))
    head = [_("Nom"), _("Prénom"), _("Établissement"), _("Activité"), _("Choix"), _("Quantité"), _("État"), _("Date")]
    if scope.sees_orders:
        head += [_("Montant"), _("Courriel")]
    return exports.table("inscriptions", head, _rows(found, scope, profile_of(request).zone))


def _found(scope: Scope, form: RegistrationFilters, sort: str) -> QuerySet[Registration]:
    shown = scope.registrations().select_related("participant__establishment", "option__offering")
    # An order that was left and placed again: the last one is the one to look at.
    lines = OrderLine.objects.select_related("order").order_by("-order__placed_at")
    return ordered(narrowed(shown, form), sort).prefetch_related(Prefetch("order_lines", queryset=lines))


def _rows(found: QuerySet[Registration], scope: Scope, zone: ZoneInfo) -> Iterator[list[object]]:
    for registration in found:
        participant = registration.participant
        row: list[object] = [
            participant.last_name,
            participant.first_name,
            participant.establishment or "",
            registration.option.offering.title,
            registration.option.name,
            registration.quantity,
            registration.get_status_display(),
            clock.local_date(registration.created_at, zone).isoformat(),
        ]
        if scope.sees_orders:
            row += [exports.amount(registration.amount_cents), registration.contact_email]
        yield row
