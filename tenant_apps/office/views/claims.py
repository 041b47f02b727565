"""Claims: somebody says that a child is theirs, and staff compare what was said with what is known."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.families.models import LinkRequest
from tenant_apps.families.operations import claims as operations
from tenant_apps.office import acquaintance, comparisons, dossiers
from tenant_apps.office.family_forms import RightsForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES, FAMILIES_CHANGE, of_request


@staff(*FAMILIES)
def claims(request: HttpRequest) -> HttpResponse:
    waiting = acquaintance.claims(of_request(request)).select_related(
        "guardian", "participant__establishment", "participant__level"
    )
    return page(request, "office/link_claims.html", {"claims": waiting}, section="families")


@staff(*FAMILIES_CHANGE)
def claim(request: HttpRequest, request_id: UUID) -> HttpResponse:
    found = get_object_or_404(
        acquaintance.claims(of_request(request)).select_related(
            "guardian__user", "participant__establishment", "participant__level"
        ),
        pk=request_id,
    )
    form = RightsForm(
        posted(request),
        initial={"role": found.role, "may_enrol": True, "may_see_health": True, "may_pay": True},
    )
    if request.method == "POST" and (said := _decided(request, found, form)):
        messages.success(request, said)
        return redirect("office:claims")
    return page(
        request,
        "office/link_claim.html",
        {
            "claim": found,
            "form": form,
            "rows": comparisons.of_claim(found),
            "links": dossiers.links_of(found.participant),
        },
        section="families",
        status=422 if form.errors else 200,
    )


def _decided(request: HttpRequest, found: LinkRequest, form: RightsForm) -> str:
    """What was done, in words; nothing where the form says why it was not."""
    actor, at = actor_of(request), clock.now()
    try:
        if request.POST.get("decision") == "refuse":
            operations.refuse_claim(request_id=found.pk, actor=actor, at=at)
            return _("La demande est refusée\u202f: la personne en est avertie par courriel.")
        if not form.is_valid():
            return ""
        operations.accept_claim(
            request_id=found.pk, role=form.cleaned_data["role"], rights=form.rights([]), actor=actor, at=at
        )
    except Refusal as refusal:
        form.is_valid()
        form.add_error(None, str(refusal))
        return ""
    return _("La demande est acceptée\u202f: la personne en est avertie par courriel.")
