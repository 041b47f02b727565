"""Authorizations: who said yes, no or nothing, the text that was signed, and a reminder to the silent."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.forms import consents as signed_words
from tenant_apps.forms import proof
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Submission
from tenant_apps.notifications import consents as letters
from tenant_apps.office import acquaintance, exports
from tenant_apps.office import consents as register_of
from tenant_apps.office.consents import ANSWERS, Line, RegisterFilters
from tenant_apps.office.pages import page
from tenant_apps.office.scope import Scope, of_request
from tenant_apps.organisation.context import profile_of

_PER_PAGE = 200


@staff()
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    filters = RegisterFilters(request.GET, scope=scope)
    found = register_of.lines(scope, filters, at=clock.now(), zone=profile_of(request).zone)
    context = {"lines": found, "form": filters, "may_assist": scope.role in ANSWERS}
    return page(request, "office/consents.html", context, section="consents")


@staff()
@require_safe
def register(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    scope, filters, line = _line(request, kind, slug)
    rows = register_of.rows(line.register, state=filters.cleaned_data.get("state") or "")
    found = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "line": line,
        "form": filters,
        "found": found,
        "rows": register_of.shown(line.register, found),
        "silent": line.register.counts[State.SILENT],
        "may_assist": scope.role in ANSWERS,
        "sees_names": scope.sees_orders,
        "at": clock.now(),
    }
    return page(request, "office/consent_register.html", context, section="consents")


@staff()
@require_safe
def register_csv(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    scope, filters, line = _line(request, kind, slug)
    rows = register_of.rows(line.register, state=filters.cleaned_data.get("state") or "")
    head = [_("Nom"), _("Prénom"), _("Établissement"), _("Niveau"), _("Groupe"), _("Réponse")]
    if scope.sees_orders:
        head += [_("Répondu par"), _("Le"), _("Moyen"), _("Version du texte"), _("Langue")]
    shown = register_of.shown(line.register, rows)
    cells = register_of.cells(shown, names=scope.sees_orders, zone=profile_of(request).zone)
    return exports.table(f"autorisations-{slug}", head, cells)


@staff(*ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """How many mails, to whom and about whom, before any is sent (S3-33)."""
    _scope, _filters, line = _line(request, kind, slug)
    if request.method == "POST":
        count = letters.remind(register=line.register, actor=actor_of(request), at=clock.now())
        told = ngettext("%(count)s rappel est envoyé.", "%(count)s rappels sont envoyés.", count)
        messages.success(request, told % {"count": count})
        return redirect("office:consent_register", kind=kind, slug=slug)
    to_send = letters.reminders(line.register, at=clock.now(), zone=profile_of(request).zone)
    context = {
        "line": line,
        "reminders": to_send,
        "silent": line.register.counts[State.SILENT],
        "unreachable": letters.unreachable(line.register),
    }
    return page(request, "office/consent_remind.html", context, section="consents")


@staff()
@require_safe
def signed(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    submission = _signed_or_404(request, submission_id)
    context = {
        "submission": submission,
        "wording": signed_words.wording_of(submission),
        "is_intact": signed_words.is_intact(submission),
        "note": submission.answers.get("assisted_note", ""),
    }
    return page(request, "office/consent_signed.html", context, section="consents")


@staff()
@require_safe
def proof_pdf(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    submission = _signed_or_404(request, submission_id)
    content = proof.pdf(submission, profile_of(request), signer=submission.signed_name, language=get_language() or "fr")
    headers = {"Content-Disposition": 'inline; filename="autorisation.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _line(request: HttpRequest, kind: str, slug: str) -> tuple[Scope, RegisterFilters, Line]:
    scope = of_request(request)
    filters = RegisterFilters(request.GET, scope=scope)
    try:
        line = register_of.line(kind, slug, scope, filters, at=clock.now(), zone=profile_of(request).zone)
    except register_of.MISSING:
        raise Http404 from None
    return scope, filters, line


def _signed_or_404(request: HttpRequest, submission_id: UUID) -> Submission:
    """Who signed is not for who leads a group."""
    scope = of_request(request)
    if not scope.sees_orders:
        raise Http404
    found = Submission.objects.exclude(decision="").select_related("version__form", "signer", "participant")
    seen = acquaintance.participants(scope).values("pk")
    of_seen = Q(participant__in=seen) | Q(participant__merged_into__in=seen)
    return get_object_or_404(found.filter(of_seen), pk=submission_id)
