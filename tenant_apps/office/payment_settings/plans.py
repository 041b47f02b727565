"""The plans of instalments, one by one: added, changed, and taken away where no offering names them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.words import in_language
from shared_apps.accounts.access import recently, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.office.catalogue import languages
from tenant_apps.office.payment_settings.plan_form import PlanForm
from tenant_apps.office.payment_settings.views import done, put, show
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation.context import profile_of


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: str = "") -> HttpResponse:
    """One plan, new where no key is given."""
    rows = _rows(request)
    kept = _kept(rows, key)
    form = PlanForm(posted(request), kept=kept, others=languages.others_of(profile_of(request)))
    if form.is_valid():
        row = form.row
        if not key and any(each["key"] == row["key"] for each in rows):
            form.add_error("label", _("Ce nom est déjà dans le tableau."))
        elif put(request, form, lambda: _sections(request, _with(rows, row))):
            return done(request)
    title = in_language(kept["label"]) if kept else _("Nouveau paiement en plusieurs fois")
    return show(request, "plan", title, {"form": form, "key": key}, form)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def drop_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Asks first. What families have agreed to already goes on as it was agreed."""
    rows = _rows(request)
    kept = _kept(rows, key) or {}
    uses = Offering.objects.exclude(status=Status.ARCHIVED).filter(payment_terms__plans__contains=[key])
    form = forms.Form(posted(request))
    left = [each for each in rows if each["key"] != key]
    if form.is_valid() and not uses.exists() and put(request, form, lambda: _sections(request, left)):
        return done(request)
    context = {"form": form, "label": in_language(kept["label"]), "uses": uses[:10]}
    return show(request, "plan_drop", _("Retirer du tableau"), context, form)


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = profile_of(request).rules.get("paying", {}).get("plans", [])
    return rows


def _kept(rows: list[dict[str, Any]], key: str) -> dict[str, Any] | None:
    if not key:
        return None
    found = next((each for each in rows if each["key"] == key), None)
    if found is None:
        raise Http404
    return found


def _with(rows: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    if any(each["key"] == row["key"] for each in rows):
        return [row if each["key"] == row["key"] else each for each in rows]
    return [*rows, row]


def _sections(request: HttpRequest, plans: list[dict[str, Any]]) -> Mapping[str, Any]:
    return {"paying": {**profile_of(request).rules.get("paying", {}), "plans": plans}}
