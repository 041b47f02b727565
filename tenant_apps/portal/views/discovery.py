"""What search engines are told: which pages there are, and which are nobody's but their reader's."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import queries
from tenant_apps.organisation.models import Establishment

_UNLISTED = ("/panier", "/commande", "/paiement/", "/confirmation/", "/mon-dossier", "/profil", "/gestion", "/compte/")
_DAY = 24 * 3600
_HOUR = 3600
# As many as one file may name.
_MOST = 50_000


@public
@require_safe
@cache_control(public=True, max_age=_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _UNLISTED), "Disallow: /*/inscription"]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public
@require_safe
@cache_control(public=True, max_age=_HOUR)
def sitemap(request: HttpRequest) -> HttpResponse:
    found = [request.build_absolute_uri(path) for path in _paths(clock.now())]
    return render(request, "portal/sitemap.xml", {"addresses": found[:_MOST]}, content_type="application/xml")


def _paths(at: datetime) -> Iterable[str]:
    """Only what anybody may see: no draft, nothing before its moment."""
    catalogue = reverse("catalogue")
    yield from (reverse("home"), catalogue)
    for code in Establishment.objects.values_list("code", flat=True):
        yield f"{catalogue}?ecole={code}"
    for slug in queries.published(at=at).values_list("slug", flat=True):
        yield reverse("offering", args=[slug])
