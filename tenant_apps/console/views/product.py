"""The platform's own site: what the product is, and for whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.access import public


@public
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        nav = [{"url": reverse("console:organisations"), "label": _("Console"), "icon": "settings"}]
    else:
        nav = [{"url": reverse("account_login"), "label": _("Équipe de la plateforme"), "icon": "log-in"}]
    return render(request, "console/product.html", {"nav": nav})
