"""Leave that an organisation gave: seen from the console, and used by one operator at a time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, operator, recently
from tenant_apps.console.pages import row_of, tab
from tenant_apps.console.support import look
from tenants import support
from tenants.context import in_registry
from tenants.models import SupportGrant

_LAST = 50


@operator
@require_safe
def grants(request: HttpRequest, slug: str) -> HttpResponse:
    row, now = row_of(slug), clock.now()
    with in_registry():
        known = list(SupportGrant.objects.filter(organisation=row.organisation).order_by("-granted_at")[:_LAST])
    is_open = any(grant.ended_at is None and grant.ends_at > now for grant in known)
    return tab(
        request, "console/support.html", {"grants": known, "now": now, "is_open": is_open}, row=row, name="support"
    )


@never_cache
@require_POST
@operator
@recently("security")
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """A page with the way in, which opens once, within a minute: a form may not lead to another host by itself."""
    row, at = row_of(slug), clock.now()
    with in_registry():
        grant = support.open_of(row.organisation, at=at).last()
    if grant is None:
        messages.error(request, _("L’organisation n’a pas donné d’accès, ou il est terminé."))
        return redirect("console:support", slug=slug)
    actor = actor_of(request)
    look(grant=grant, actor=actor, at=at)
    passport = support.passport(grant, actor)
    way = row.address + reverse("office:support_enter", args=[passport], urlconf="config.urls.organisation")
    return tab(request, "console/support_enter.html", {"grant": grant, "way": way}, row=row, name="support")
