"""A page of the workplace: its template, with the menu that the reader's role opens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.office import acquaintance
from tenant_apps.office.scope import Scope, of_request


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, section: str, status: int = 200
) -> HttpResponse:
    scope = of_request(request)
    return render(request, template, {**context, "nav": _menu(scope, section), "scope": scope}, status=status)


def _menu(scope: Scope, section: str) -> list[dict[str, Any]]:
    links = [
        ("home", _("Aujourd’hui"), "house"),
        ("offerings", _("Activités"), "ticket"),
        ("registrations", _("Inscriptions"), "clipboard-list"),
        ("consents", _("Autorisations"), "clipboard-check"),
    ]
    if scope.sees_openings:
        links.append(("openings", _("Ouvertures"), "activity"))
    if scope.sees_health:
        links.append(("changes", _("Fiches modifiées"), "heart"))
    if scope.sees_families:
        links.append(("families", _("Familles"), "users"))
    if scope.changes_families:
        links.append(("counter", _("Comptoir"), "phone"))
        links.append(("entitlements", _("Demandes"), "hourglass"))
        links.append(("change_requests", _("Changements"), "refresh-cw"))
    if scope.sees_finances:
        links.append(("finances", _("Finances"), "coins"))
    elif scope.receives_money:
        links.append(("owing", _("À recevoir"), "coins"))
    links += [("establishments", _("Établissements"), "school"), ("people", _("Personnel"), "user")]
    if scope.sets_prices:
        links.append(("prices", _("Tarifs"), "wallet"))
        links.append(("payment_settings", _("Paiement"), "receipt"))
    if scope.sets_prices and not scope.sees_settings:
        links.append(("subscription", _("Abonnement"), "receipt"))
    if scope.writes_help:
        links.append(("help_texts", _("Textes d’aide"), "circle-question-mark"))
    if scope.sees_privacy:
        links.append(("privacy", _("Protection des données"), "shield-check"))
    if scope.sees_settings:
        links.append(("settings", _("Réglages"), "settings"))
        links.append(("forms", _("Formulaires"), "clipboard-list"))
        links.append(("imports", _("Imports"), "upload"))
        links.append(("ways_in", _("Connexion des familles"), "log-in"))
    waiting = {"families": acquaintance.claims(scope).count()} if scope.sees_families else {}
    waiting["entitlements"] = acquaintance.waiting_requests(scope)
    waiting["change_requests"] = acquaintance.waiting_changes(scope)
    return [
        {
            "url": reverse(f"office:{name}"),
            "label": label,
            "icon": drawing,
            "active": name == section,
            "count": waiting.get(name, 0),
        }
        for name, label, drawing in links
    ]
