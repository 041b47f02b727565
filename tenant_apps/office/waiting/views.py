"""The waiting list of an offering: who waits, for what, and what staff may do about it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.office import exports, rosters
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES, FAMILIES_CHANGE, of_request
from tenant_apps.office.waiting import rows, saving
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations import waiting, waiting_terms


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi la retirer\u202f?"),
        max_length=500,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Gardé dans l’historique\u202f; la famille ne le reçoit pas."),
    )


@staff(*FAMILIES)
@require_safe
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    scope, offering = of_request(request), _offering(request, slug)
    options, terms = rosters.options_of(offering, at=clock.now()), waiting_terms.terms_of(offering)
    context = {
        "offering": offering,
        "rows": rows.of(offering, scope),
        "options": options,
        "is_short": terms.mode is waiting_terms.Mode.AUTOMATIC and any(row.set_aside for row in options),
        "terms": terms,
        "has_list": waiting_terms.has_list(offering),
    }
    return page(request, "office/waiting/list.html", context, section="offerings")


@staff(*FAMILIES)
@require_safe
def listed_csv(request: HttpRequest, slug: str) -> HttpResponse:
    scope, offering, zone = of_request(request), _offering(request, slug), profile_of(request).zone
    head = [_("Rang"), _("Choix"), _("Participant"), _("Quantité"), _("Ensemble"), _("Parent"), _("Courriel")]
    head += [_("Depuis le"), _("État"), _("Réponse avant le")]
    lines = [
        [
            wanted.rank or "",
            wanted.registration.option.name,
            wanted.registration.participant,
            wanted.registration.quantity,
            _("Oui") if row.together else _("Non"),
            row.request.guardian,
            wanted.registration.contact_email,
            row.request.queued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            row.request.get_status_display(),
            row.request.offered_until.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.request.offered_until else "",
        ]
        for row in rows.of(offering, scope)
        for wanted in row.wanted
    ]
    return exports.table(f"attente-{offering.slug}", head, lines)


@staff(*FAMILIES_CHANGE)
@require_POST
def offer(request: HttpRequest, slug: str, request_id: UUID) -> HttpResponse:
    row = _row(request, slug, request_id)
    if row.short:
        messages.error(request, " ".join(row.short))
        return redirect("office:waiting", slug=slug)
    try:
        waiting.offer(request_id=row.request.pk, actor=actor_of(request), at=clock.now())
        messages.success(request, _("La place est proposée à %(name)s.") % {"name": row.request.guardian})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:waiting", slug=slug)


@staff(*FAMILIES_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, request_id: UUID) -> HttpResponse:
    offering, row = _offering(request, slug), _row(request, slug, request_id)
    form = RemovalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason, actor = form.cleaned_data["reason"], actor_of(request)
        try:
            saving.remove(request_id=row.request.pk, reason=reason, actor=actor, at=clock.now())
            messages.success(request, _("La demande est retirée de la liste."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("office:waiting", slug=slug)
    context = {"offering": offering, "row": row, "form": form}
    status = 422 if form.errors else 200
    return page(request, "office/waiting/remove.html", context, section="offerings", status=status)


def _offering(request: HttpRequest, slug: str) -> Offering:
    return get_object_or_404(of_request(request).offerings(), slug=slug)


def _row(request: HttpRequest, slug: str, request_id: UUID) -> rows.Row:
    """One that is wholly of the member's establishments: a sibling of another school is not theirs to decide."""
    found = rows.of(_offering(request, slug), of_request(request))
    row = next((each for each in found if each.request.pk == request_id and not each.hidden), None)
    if row is None:
        raise Http404
    return row
