"""Leave to look: given, ended and followed by the organisation; used by the platform's staff."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.transactions import operation
from shared_apps.accounts.access import actor_of, public, recently, staff, still_works
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.office.support import visits
from tenant_apps.office.support.forms import GrantForm
from tenant_apps.office.support.words import page_words
from tenants import support
from tenants.context import current
from tenants.models import SupportGrant

GRANTED, ENDED = "support.granted", "support.ended"
_LAST_GRANTS = 50
_READS_A_PAGE = 100


@staff(*SETTINGS)
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    known = SupportGrant.objects.filter(organisation=current()).order_by("-granted_at")[:_LAST_GRANTS]
    return page(request, "office/support/grants.html", {"grants": known, "now": clock.now()}, section="settings")


@still_works
@staff(*SETTINGS)
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    form = GrantForm(posted(request))
    if form.is_valid():
        given = _give(form, actor=actor_of(request))
        messages.success(request, _("L’équipe de soutien peut regarder. L’accès se termine de lui-même."))
        return redirect("office:support_grant", given.pk)
    return page(
        request, "office/support/give.html", {"form": form}, section="settings", status=422 if form.errors else 200
    )


@staff(*SETTINGS)
@require_safe
def grant(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """What was looked at, page by page."""
    found = SupportGrant.objects.filter(organisation=current(), pk=grant_id).first()
    if found is None:
        raise Http404
    reads = Entry.objects.filter(subject="support", subject_id=found.pk).order_by("at", "id")
    shown = Paginator(reads, _READS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "grant": found,
        "is_open": found.ended_at is None and found.ends_at > clock.now(),
        "reads": shown,
        "lines": [{"at": entry.at, "who": entry.actor_label, "what": page_words(entry)} for entry in shown],
    }
    return page(request, "office/support/grant.html", context, section="settings")


@still_works
@require_POST
@staff(*SETTINGS)
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    found = SupportGrant.objects.filter(organisation=current(), pk=grant_id).first()
    if found is None:
        raise Http404
    _end(found, actor=actor_of(request))
    messages.success(request, _("L’accès est terminé."))
    return redirect("office:support_grant", found.pk)


@public
@never_cache
@require_safe
def enter(request: HttpRequest, passport: str) -> HttpResponse:
    """From the console, by an address that opens once, within a minute."""
    at = clock.now()
    try:
        shown = support.shown(passport, at=at)
    except support.NoGrant:
        return render(request, "office/support/over.html", status=403)
    visits.begin(request.session, shown, at=at)
    return redirect("office:home")


@still_works
@require_POST
@public
def leave(request: HttpRequest) -> HttpResponse:
    """By who looks: the leave ends with the visit."""
    visit = getattr(request, "visit", None)
    if visit is not None:
        _end(visit.grant, actor=visit.actor)
        request.session.flush()
    return redirect("office:support_over")


@public
@require_safe
def over(request: HttpRequest) -> HttpResponse:
    return render(request, "office/support/over.html")


@operation
def _give(form: GrantForm, *, actor: Actor) -> SupportGrant:
    at = clock.now()
    given = support.grant(**form.cleaned_data, granted_by=actor.label, at=at)
    audit.record(
        action=GRANTED,
        subject="support",
        subject_id=given.pk,
        actor=actor,
        at=at,
        details={"words": given.ticket, "hours": form.cleaned_data["hours"], "names": given.shows_names},
    )
    return given


@operation
def _end(found: SupportGrant, *, actor: Actor) -> None:
    at = clock.now()
    support.end(grant_id=found.pk, ended_by=actor.label, at=at)
    audit.record(action=ENDED, subject="support", subject_id=found.pk, actor=actor, at=at)
