"""An answer typed at the office with the parent present (S3-30): the child, the authorization, then the answer."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock, folding
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.accounts.addresses import address_of
from shared_apps.design.posting import posted
from tenant_apps.families.models import Participant
from tenant_apps.forms import consents
from tenant_apps.forms import queries as form_queries
from tenant_apps.forms.models import Submission
from tenant_apps.office import acquaintance
from tenant_apps.office.assisting import AssistedForm, Choice, asked_of, may_say
from tenant_apps.office.consents import ANSWERS
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations import withdrawing

_MOST_SHOWN = 20


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Nom de l’enfant"), required=False, max_length=100, strip=True)


@staff(*ANSWERS)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(_named(_there(request), wanted)[: _MOST_SHOWN + 1]) if wanted else []
    context = {"form": form, "found": found[:_MOST_SHOWN], "wanted": wanted, "has_more": len(found) > _MOST_SHOWN}
    return page(request, "office/assisted.html", context, section="consents")


@staff(*ANSWERS)
@require_safe
def choose(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    child = _child_or_404(request, participant_id)
    choices = asked_of(child, of_request(request), at=clock.now(), zone=profile_of(request).zone)
    return page(request, "office/assisted_choose.html", {"child": child, "choices": choices}, section="consents")


@staff(*ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, participant_id: UUID, form_key: str) -> HttpResponse:
    """The same text as a parent reads at home; the parent named is the one who is there."""
    child = _child_or_404(request, participant_id)
    choice = _choice_or_404(request, child, form_key)
    version = form_queries.current_version(choice.subject.form.id)
    wording = consents.wording(version)
    form = AssistedForm(
        posted(request),
        child=child,
        decisions=may_say(choice),
        standing=choice.standing,
        wording=wording,
    )
    if request.method == "POST" and form.is_valid() and (signed := _recorded(request, child, version.id, form)):
        messages.success(request, _("La réponse est enregistrée. Le parent en reçoit une copie par courriel."))
        return redirect("office:consent_signed", submission_id=signed.id)
    context = {
        "child": child,
        "choice": choice,
        "form": form,
        "wording": wording,
        "can_answer": bool(may_say(choice)) and form.has_holders,
    }
    status = 422 if form.errors else 200
    return page(request, "office/assisted_record.html", context, section="consents", status=status)


def _recorded(request: HttpRequest, child: Participant, version_id: UUID, form: AssistedForm) -> Submission | None:
    told, member = form.cleaned_data, request.staff_member  # type: ignore[attr-defined]
    try:
        return withdrawing.record_assisted(
            version_id=version_id,
            participant_id=child.id,
            signer_id=told["guardian"].id,
            decision=told["decision"],
            signed_name=told["signed_name"],
            note=told["note"],
            recorded_by=member.user_id,
            language=get_language() or "",
            signed_from=address_of(request),
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("guardian", str(refusal))
        return None


def _there(request: HttpRequest) -> QuerySet[Participant]:
    found = acquaintance.participants(of_request(request)).filter(removed_at=None)
    return found.select_related("establishment", "level").order_by("search_text", "id")


def _named(found: QuerySet[Participant], wanted: str) -> QuerySet[Participant]:
    for word in folding.words(wanted):
        found = found.filter(search_text__contains=word)
    return found


def _child_or_404(request: HttpRequest, participant_id: UUID) -> Participant:
    return get_object_or_404(_there(request), pk=participant_id)


def _choice_or_404(request: HttpRequest, child: Participant, form_key: str) -> Choice:
    offered = asked_of(child, of_request(request), at=clock.now(), zone=profile_of(request).zone)
    for choice in offered:
        if choice.subject.form.key == form_key:
            return choice
    raise Http404
