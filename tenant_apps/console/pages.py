"""A page of the console: its template, with the operators' menu."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, section: str, status: int = 200
) -> HttpResponse:
    links = [
        ("console:organisations", _("Organisations"), "building-2"),
        ("console:new", _("Nouvelle organisation"), "plus"),
        ("mfa_index", _("Sécurité"), "shield-check"),
    ]
    nav = [
        {"url": reverse(name), "label": label, "icon": drawing, "active": name == section}
        for name, label, drawing in links
    ]
    return render(request, template, {**context, "nav": nav}, status=status)
