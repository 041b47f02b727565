"""One guardian: how to reach the person, the account, the children, and what staff correct."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from shared_apps.accounts import standing
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import records
from tenant_apps.office import acquaintance, dossiers
from tenant_apps.office.family_forms import BillingForm, EmailForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import ACCOUNTS, FAMILIES, FAMILIES_CHANGE, of_request
from tenant_apps.organisation.models import MemberState, StaffMember

_ORDERS = 20


@staff(*FAMILIES)
def guardian(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    merged = get_object_or_404(Guardian, pk=guardian_id)
    if merged.merged_into_id:
        return redirect("office:guardian", guardian_id=merged.merged_into_id)
    found, scope = _found(request, guardian_id), of_request(request)
    known = acquaintance.links(scope).filter(guardian=found)
    links = list(known.select_related("participant__establishment", "participant__level").order_by("participant"))
    orders = scope.orders().filter(guardian=found) if scope.sees_orders else None
    return page(
        request,
        "office/guardian.html",
        {
            "guardian": found,
            "links": links,
            "hidden": found.guardianships.count() - len(links),
            "housemates": _housemates(found),
            "relatives": _relatives(found) if scope.changes_families else [],
            "alike": acquaintance.guardians(scope).filter(email__iexact=found.email).exclude(pk=found.pk).count(),
            "verified": _is_verified(found),
            "is_staff": _is_staff(found),
            "orders": orders.order_by("-placed_at")[:_ORDERS] if orders is not None else [],
            "events": _events(found),
        },
        section="families",
    )


@staff(*FAMILIES_CHANGE)
@recently("security")
def guardian_email(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    found = _found(request, guardian_id)
    form = EmailForm(posted(request), initial={"email": found.email})
    if request.method == "POST" and form.is_valid():
        records.correct_email(
            guardian_id=found.pk, email=form.cleaned_data["email"], actor=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Le courriel est corrigé\u202f: la personne en est avertie aux deux adresses."))
        return redirect("office:guardian", guardian_id=found.pk)
    return _form_page(request, "office/guardian_email.html", found, form)


@staff(*FAMILIES_CHANGE)
def guardian_billing(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    found = _found(request, guardian_id)
    form = BillingForm.of(posted(request), found)
    if request.method == "POST" and form.is_valid():
        records.set_billing(guardian_id=found.pk, **form.cleaned_data, actor=actor_of(request), at=clock.now())
        messages.success(request, _("La facturation est enregistrée."))
        return redirect("office:guardian", guardian_id=found.pk)
    return _form_page(request, "office/guardian_billing.html", found, form)


@staff(*FAMILIES_CHANGE)
@require_POST
def guardian_invite(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    found = _found(request, guardian_id)
    records.invite_to_sign_up(guardian_id=found.pk, actor=actor_of(request), at=clock.now())
    messages.success(request, _("L’invitation à ouvrir un compte part par courriel."))
    return redirect("office:guardian", guardian_id=found.pk)


@staff(*FAMILIES_CHANGE)
@require_POST
def guardian_household(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """Alone from now on, or with the person whom the form names."""
    found, actor, at = _found(request, guardian_id), actor_of(request), clock.now()
    if not request.POST.get("with"):
        records.split_household(guardian_id=found.pk, actor=actor, at=at)
        messages.success(request, _("Cette personne a maintenant son propre ménage."))
    else:
        other = next((each for each in _relatives(found) if str(each.pk) == request.POST["with"]), None)
        if other is None:
            raise Http404
        records.join_household(guardian_id=found.pk, other_id=other.pk, actor=actor, at=at)
        messages.success(request, _("Ces personnes partagent maintenant un ménage."))
    return redirect("office:guardian", guardian_id=found.pk)


@staff(*ACCOUNTS)
@recently("security")
def guardian_account(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """Close the account to its holder, or open it again. An account of staff is not for this page."""
    found = _found(request, guardian_id)
    if found.user is None or _is_staff(found):
        return redirect("office:guardian", guardian_id=found.pk)
    if request.method == "POST":
        move = standing.disable if found.user.is_active else standing.enable
        move(user_id=found.user.pk, actor=actor_of(request), at=clock.now())
        done = _("Le compte est désactivé.") if found.user.is_active else _("Le compte est réactivé.")
        messages.success(request, done)
        return redirect("office:guardian", guardian_id=found.pk)
    return page(request, "office/guardian_account.html", {"guardian": found}, section="families")


def _found(request: HttpRequest, guardian_id: UUID) -> Guardian:
    known = acquaintance.guardians(of_request(request)).select_related("user", "household")
    return get_object_or_404(known, pk=guardian_id)


def _form_page(request: HttpRequest, template: str, found: Guardian, form: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, template, {"guardian": found, "form": form}, section="families", status=status)


def _housemates(guardian: Guardian) -> list[Guardian]:
    if guardian.household is None:
        return []
    return list(guardian.household.guardians.filter(merged_into=None).exclude(pk=guardian.pk).order_by("first_name"))


def _relatives(guardian: Guardian) -> list[Guardian]:
    """Those who are responsible for one of the same children, and live elsewhere."""
    shared = guardian.guardianships.filter(is_blocked=False).values("participant_id")
    together = Guardian.objects.filter(guardianships__participant_id__in=shared, guardianships__is_blocked=False)
    others = together.filter(merged_into=None).exclude(pk=guardian.pk)
    if guardian.household_id is not None:
        others = others.exclude(household_id=guardian.household_id)
    return list(others.distinct().order_by("first_name", "id"))


def _is_verified(guardian: Guardian) -> bool:
    own = EmailAddress.objects.filter(user=guardian.user, email__iexact=guardian.email, verified=True)
    return bool(own.exists())


def _is_staff(guardian: Guardian) -> bool:
    """Or is asked to be; who was and is no more is a parent like any other."""
    working = StaffMember.objects.exclude(state=MemberState.WITHDRAWN)
    return guardian.user_id is not None and working.filter(user_id=guardian.user_id).exists()


def _events(guardian: Guardian) -> list[dict[str, object]]:
    own = dossiers.trail_of([guardian.pk], subject="guardian")
    account = dossiers.trail_of([guardian.user_id], subject="user") if guardian.user_id else []
    return sorted(own + account, key=lambda event: str(event["at"]), reverse=True)
