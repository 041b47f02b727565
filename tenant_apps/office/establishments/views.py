"""« Établissements »: the list that families read, each with its own page, and who may be taken off it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.office.establishments.forms import EstablishmentForm
from tenant_apps.office.first_day.following import lead_on
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS, of_request
from tenant_apps.organisation import establishments as operations
from tenant_apps.organisation.establishments import NameTaken
from tenant_apps.organisation.models import Establishment
from tenants import links

SECTION = "establishments"
_managers = staff(*SETTINGS)


@staff()
@require_safe
def establishments(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    found = Establishment.objects.select_related("payee")
    if scope.establishments is not None:
        found = found.filter(pk__in=scope.establishments)
    return page(request, "office/establishments/list.html", {"establishments": found}, section=SECTION)


@_managers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = EstablishmentForm.of(posted(request), None)
    if form.is_valid() and _did(request, form, lambda who: operations.add(**form.columns(), **who)):
        messages.success(request, _("L’établissement est ajouté."))
        lead_on(request)
        return redirect("office:establishments")
    status = 422 if form.errors else 200
    return page(request, "office/establishments/add.html", {"form": form}, section=SECTION, status=status)


@_managers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, establishment_id: UUID) -> HttpResponse:
    found = get_object_or_404(Establishment, pk=establishment_id)
    form = EstablishmentForm.of(posted(request), found)

    def change(who: dict[str, Any]) -> object:
        return operations.change(establishment_id=establishment_id, columns=form.columns(), **who)

    if form.is_valid() and _did(request, form, change):
        messages.success(request, _("L’établissement est enregistré."))
        return redirect("office:establishments")
    context = {
        "establishment": found,
        "form": form,
        "address": links.absolute(reverse("establishment", args=[found.code])),
    }
    status = 422 if form.errors else 200
    return page(request, "office/establishments/edit.html", context, section=SECTION, status=status)


@_managers
@require_POST
def move(request: HttpRequest, establishment_id: UUID) -> HttpResponse:
    get_object_or_404(Establishment, pk=establishment_id)
    up = request.POST.get("to") != "down"
    operations.move(establishment_id=establishment_id, up=up, actor=actor_of(request), at=clock.now())
    return redirect("office:establishments")


@_managers
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, establishment_id: UUID) -> HttpResponse:
    found = get_object_or_404(Establishment, pk=establishment_id)
    if request.method == "POST":
        try:
            operations.remove(establishment_id=establishment_id, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("L’établissement est retiré."))
            return redirect("office:establishments")
    context = {"establishment": found, "uses": _words(operations.uses_of(found))}
    return page(request, "office/establishments/remove.html", context, section=SECTION)


def _did(request: HttpRequest, form: EstablishmentForm, act: Callable[[dict[str, Any]], object]) -> bool:
    try:
        act({"actor": actor_of(request), "at": clock.now()})
    except Refusal as refusal:
        form.add_error("name" if isinstance(refusal, NameTaken) else None, str(refusal))
        return False
    return True


def _words(uses: dict[str, int]) -> list[str]:
    """What to see to first, a line for each kind."""
    return [_line(kind, number) for kind, number in uses.items()]


def _line(kind: str, number: int) -> str:
    match kind:
        case "participants":
            words = ngettext(
                "%(number)d participant y est rattaché", "%(number)d participants y sont rattachés", number
            )
        case "offerings":
            words = ngettext("%(number)d activité le nomme", "%(number)d activités le nomment", number)
        case "staff":
            words = ngettext(
                "%(number)d membre du personnel y travaille", "%(number)d membres du personnel y travaillent", number
            )
        case _:
            raise LookupError(kind)
    return words % {"number": number}
