"""« Domaines »: the names that the organisation answers on, what to write in the DNS, and which one its links bear."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import limits
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.audit.trails import told
from shared_apps.design.posting import posted
from shared_apps.design.security import moving_policy
from tenant_apps.office.domains import rows
from tenant_apps.office.domains.forms import NameForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenants import links
from tenants.domains import operations, trails
from tenants.models import Domain

_managers = staff(*SETTINGS)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    form = NameForm(posted(request))
    if form.is_valid() and (added := _added(request, form)):
        return redirect("office:domain", added.domain)
    status = 422 if form.errors else 200
    return _page(request, "listed", {"rows": rows.every(), "form": form}, status=status)


@_managers
@recently("security")
@require_safe
def domain(request: HttpRequest, name: str) -> HttpResponse:
    """While the DNS is waited for, the page asks again by itself."""
    row = _own_or_404(name)
    return _page(request, "domain", {"row": row, "events": told(trails.of(name), trails.WORDS)})


@_managers
@recently("security")
@require_POST
def checked(request: HttpRequest, name: str) -> HttpResponse:
    _own_or_404(name)
    try:
        operations.check_now(name=name, at=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.info(request, _("Le DNS est interrogé\u202f: la réponse paraît ici dans quelques secondes."))
    return redirect("office:domain", name)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def made_primary(request: HttpRequest, name: str) -> HttpResponse:
    """Once it is done, the page is on the other name, where nobody is signed in yet."""
    row = _row_or_404(name)
    if request.method != "POST":
        return _moving(_page(request, "primary", {"row": row, "lost": rows.lost()}))
    try:
        operations.make_primary(name=name, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:domains")
    return redirect(links.absolute(reverse("office:domains")))


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def removed(request: HttpRequest, name: str) -> HttpResponse:
    row = _own_or_404(name)
    if request.method != "POST":
        return _moving(_page(request, "remove", {"row": row}))
    operations.remove(name=name, actor=actor_of(request), at=clock.now())
    messages.success(request, _("Le nom est retiré."))
    return redirect(links.absolute(reverse("office:domains")))


def _added(request: HttpRequest, form: NameForm) -> Domain | None:
    try:
        return operations.add(
            name=form.cleaned_data["name"],
            limit=partial(limits.check, "own_domains"),
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return None


def _row_or_404(name: str) -> rows.Row:
    try:
        return rows.one(name)
    except Domain.DoesNotExist:
        raise Http404 from None


def _own_or_404(name: str) -> rows.Row:
    row = _row_or_404(name)
    if not row.domain.is_own:
        raise Http404
    return row


def _moving(response: HttpResponse) -> HttpResponse:
    """The form of this page ends on another name of the organisation: its browser is told that it may."""
    origins = [row.address for row in rows.every()]
    response.headers["Content-Security-Policy"] = moving_policy(settings.STRIPE_API_BASE, origins)
    return response


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return page(request, f"office/domains/{template}.html", context, section="settings", status=status)
