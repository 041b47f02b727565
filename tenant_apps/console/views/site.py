"""A page of the platform's own site: its template, with the menu that visitors see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.console import platform_rules


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, section: str = "", status: int = 200
) -> HttpResponse:
    if request.user.is_authenticated:
        own = ("console:organisations", _("Console"), "settings")
    else:
        own = ("account_login", _("Équipe de la plateforme"), "log-in")
    links = [
        ("home", _("Accueil"), "house"),
        ("console:prices", _("Prix"), "coins"),
        ("console:sign_up_organisation", _("Ouvrir un espace"), "plus"),
        own,
    ]
    nav = [
        {"url": reverse(name), "label": label, "icon": drawing, "active": name == section}
        for name, label, drawing in links
    ]
    shown = {**(context or {}), "nav": nav, "platform_contact": platform_rules.contact()}
    return render(request, template, shown, status=status)
