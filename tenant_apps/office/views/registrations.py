"""The list of registrations, on the page and as a table to download."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.forms import phone
from tenant_apps.office import exports
from tenant_apps.office.answers import written
from tenant_apps.office.filters import RegistrationFilters, narrowed, ordered, sort_of
from tenant_apps.office.pages import page
from tenant_apps.office.scope import Scope, of_request
from tenant_apps.orders.models import OrderLine
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Profile
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
    return exports.table("inscriptions", _head(scope), _rows(found, scope, profile_of(request)))


def _found(scope: Scope, form: RegistrationFilters, sort: str) -> QuerySet[Registration]:
    shown = scope.registrations().select_related(
        "participant__establishment", "participant__level", "option__offering", "basket__guardian", "submission"
    )
    # An order that was left and placed again: the last one is the one to look at.
    lines = OrderLine.objects.select_related("order").order_by("-order__placed_at")
    return ordered(narrowed(shown, form), sort).prefetch_related(Prefetch("order_lines", queryset=lines))


def _head(scope: Scope) -> list[str]:
    head = [_("Nom"), _("Prénom"), _("Groupe"), _("Niveau"), _("Enseignant"), _("Établissement")]
    head += [_("Activité"), _("Choix"), _("Date du choix"), _("Quantité"), _("État"), _("Date d’inscription")]
    if scope.sees_orders:
        head += [_("Parent"), _("Téléphone"), _("Courriel"), _("Commande"), _("Montant")]
    return head


def _rows(found: QuerySet[Registration], scope: Scope, profile: Profile) -> Iterator[list[object]]:
    for registration in found:
        row = [*_participant(registration), *_taken(registration, profile.zone)]
        yield [*row, *_order(registration, profile.territory)] if scope.sees_orders else row


def _participant(registration: Registration) -> Iterator[object]:
    participant = registration.participant
    yield from (participant.last_name, participant.first_name, written(registration, "home_group"))
    yield from (participant.level or "", written(registration, "teacher"), participant.establishment or "")


def _taken(registration: Registration, zone: ZoneInfo) -> Iterator[object]:
    option = registration.option
    yield from (option.offering.title, option.name, option.starts_on.isoformat() if option.starts_on else "")
    yield from (registration.quantity, registration.get_status_display())
    yield clock.local_date(registration.created_at, zone).isoformat()


def _order(registration: Registration, territory: str) -> Iterator[object]:
    guardian = registration.basket.guardian
    yield from (guardian, phone.shown(guardian.phone, territory), registration.contact_email)
    latest = next(iter(registration.order_lines.all()), None)
    yield from (latest.order.reference if latest else "", exports.amount(registration.amount_cents))
