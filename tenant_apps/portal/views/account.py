"""The family's own file: its children, its registrations, what it paid and what it owes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, signed_in
from tenant_apps.families import queries as family_queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import participants
from tenant_apps.forms import building
from tenant_apps.forms.queries import profile_form
from tenant_apps.orders.models import Status
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import queries as payments
from tenant_apps.portal import baskets, visitor
from tenant_apps.portal.answers import SeeOther, local_path
from tenant_apps.registrations import queries as registrations


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One card per member, each with its own way to register (S2-04, S4-23)."""
    guardian = _guardian(request)
    context = {
        "children": family_queries.participants_of(guardian.id),
        "content": baskets.content_of(guardian),
        "coming": registrations.registrations_of(guardian.id).filter(ended_at=None)[:5],
    }
    return render(request, "portal/account/home.html", context)


@signed_in
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    found = registrations.registrations_of(_guardian(request).id)
    return render(request, "portal/account/bookings.html", {"registrations": found})


@signed_in
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """« Comptes et reçus ». An order let go before anything was paid is no account."""
    orders = list(payments.orders_of(_guardian(request).id).exclude(status=Status.CANCELLED))
    due = sum(order.total_cents for order in orders if order.status == Status.OPEN)
    return render(request, "portal/account/invoices.html", {"orders": orders, "due_cents": due})


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """« Profil »: « Liste des enfants » and « Historique » (S1-14 to S1-16)."""
    guardian = _guardian(request)
    context = {
        "guardian": guardian,
        "children": family_queries.participants_of(guardian.id),
        "orders": payments.orders_of(guardian.id).filter(status=Status.SETTLED),
    }
    return render(request, "portal/account/profile.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def child_add(request: HttpRequest) -> HttpResponse:
    return _child_form(request, _guardian(request), None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def child_edit(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = _guardian(request)
    return _child_form(request, guardian, _child_or_404(guardian, participant_id))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def child_remove(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Off the family's list, after a question; what was registered and paid stays (S1-17)."""
    guardian = _guardian(request)
    child = _child_or_404(guardian, participant_id)
    if request.method != "POST":
        return render(request, "portal/account/child_remove.html", {"child": child})
    actor, at = actor_of(request), clock.now()
    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=actor, at=at)
    messages.success(request, _("%(child)s ne figure plus dans votre liste.") % {"child": child})
    return SeeOther(reverse("profile"))


def _child_form(request: HttpRequest, guardian: Guardian, child: Participant | None) -> HttpResponse:
    version = profile_form()
    made = building.form_class(version, establishments=organisation.establishments(), levels=organisation.levels())
    said = request.POST if request.method == "POST" else None
    form = made(said, initial=building.initial_for(version, child, guardian))
    if request.method == "POST" and form.is_valid():
        try:
            return _keep_child(request, guardian, child, building.split(version, form.cleaned_data))
        except participants.AlreadyListed as refusal:
            form.add_error("first_name" if "first_name" in form.fields else None, str(refusal))
    context = {"form": form, "child": child, "next": local_path(request, request.GET.get("next", ""))}
    return render(request, "portal/account/child_form.html", context)


def _keep_child(
    request: HttpRequest, guardian: Guardian, child: Participant | None, said: tuple[Identity, Answers]
) -> HttpResponse:
    identity, answers = said
    actor, at = actor_of(request), clock.now()
    if child is None:
        kept = participants.add_participant(
            guardian_id=guardian.id, identity=identity, answers=answers, actor=actor, at=at
        )
        messages.success(request, _("%(child)s figure dans votre liste.") % {"child": kept})
    else:
        kept = participants.change_participant(
            guardian_id=guardian.id, participant_id=child.id, identity=identity, answers=answers, actor=actor, at=at
        )
        messages.success(request, _("Le dossier de %(child)s est à jour.") % {"child": kept})
    return SeeOther(local_path(request, request.GET.get("next", "")) or reverse("profile"))


def _guardian(request: HttpRequest) -> Guardian:
    return visitor.signed_in_guardian(request, at=clock.now())


def _child_or_404(guardian: Guardian, participant_id: UUID) -> Participant:
    try:
        return family_queries.participant_of(guardian.id, participant_id)
    except Participant.DoesNotExist:
        raise Http404 from None
