"""A page of the console: its template, with the operators' menu; of one organisation, with that one's tabs too."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.console import organisations
from tenants.models import Organisation


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, section: str, status: int = 200
) -> HttpResponse:
    links = [
        ("console:organisations", _("Organisations"), "building-2"),
        ("console:sign_ups", _("Demandes"), "user-plus"),
        ("console:faults", _("Erreurs"), "circle-alert"),
        ("console:tasks", _("Tâches"), "hourglass"),
        ("console:migrations", _("Migrations"), "refresh-cw"),
        ("console:journal", _("Journal"), "clipboard-list"),
        ("console:plans", _("Forfaits"), "wallet"),
        ("console:rules", _("Réglages"), "settings"),
        ("mfa_index", _("Sécurité"), "shield-check"),
    ]
    nav = [
        {"url": reverse(name), "label": label, "icon": drawing, "active": name == section}
        for name, label, drawing in links
    ]
    return render(request, template, {**context, "nav": nav}, status=status)


def tab(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    row: organisations.Row,
    name: str,
    status: int = 200,
) -> HttpResponse:
    """One tab of an organisation's page, by the name of its address."""
    labels = [
        ("organisation", _("Aperçu")),
        ("health", _("Santé")),
        ("domains", _("Domaines")),
        ("payees", _("Comptes de paiement")),
        ("billing", _("Facturation")),
        ("support", _("Soutien")),
        ("restores", _("Restaurations")),
        ("leaving", _("Données et départ")),
    ]
    slug = row.organisation.slug
    tabs = [
        {"url": reverse(f"console:{each}", args=[slug]), "label": label, "active": each == name}
        for each, label in labels
    ]
    return page(
        request, template, {**context, "row": row, "tabs": tabs}, section="console:organisations", status=status
    )


def row_of(slug: str) -> organisations.Row:
    """The organisation that an address names, or its 404."""
    try:
        return organisations.one(slug)
    except Organisation.DoesNotExist:
        raise Http404 from None
