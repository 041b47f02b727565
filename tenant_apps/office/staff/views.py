"""« Personnel »: who works here, who is invited, and what each may do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.first_day.following import lead_on
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS, of_request
from tenant_apps.office.staff import listing
from tenant_apps.office.staff.forms import EXPLAINED, InvitationForm, RoleForm, initial_of
from tenant_apps.organisation import members
from tenant_apps.organisation import staff as invitations
from tenant_apps.organisation.models import Role, StaffMember

SECTION = "people"
_managers = staff(*SETTINGS)


@staff()
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    context = {"people": listing.of(scope, at=clock.now()), "gone": listing.gone() if scope.sees_settings else []}
    return page(request, "office/staff/people.html", context, section=SECTION)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(posted(request), makes_owners=_is_owner(request))
    if form.is_valid() and _did(request, form, lambda who: invitations.invite(**form.told(), **who)):
        told = _("L’invitation part vers %(email)s. Elle vaut sept jours.")
        messages.success(request, told % {"email": form.cleaned_data["email"]})
        lead_on(request)
        return redirect("office:people")
    return _show(request, "invite", {"form": form}, form)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    found = _member_or_404(member_id)
    form = RoleForm(posted(request), makes_owners=_is_owner(request), initial=initial_of(found))
    if form.is_valid() and _did(request, form, lambda who: members.change(member_id=member_id, **form.told(), **who)):
        messages.success(request, _("Le rôle est enregistré."))
        return redirect("office:people")
    context = {
        "member": found,
        "form": form,
        "is_oneself": found.user_id == request.user.pk,
        "is_untouchable": found.role == Role.OWNER and not _is_owner(request),
        "role_explained": EXPLAINED.get(found.role, ""),
        "trail": listing.trail_of(found),
    }
    return _show(request, "member", context, form)


@_managers
@recently("security")
@require_POST
def invite_again(request: HttpRequest, member_id: UUID) -> HttpResponse:
    _member_or_404(member_id)
    done = _("Une nouvelle invitation part. Le lien précédent ne vaut plus.")
    return _move(request, lambda who: invitations.invite_again(member_id=member_id, **who), done)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, member_id: UUID) -> HttpResponse:
    found = _member_or_404(member_id)
    if request.method != "POST":
        return page(request, "office/staff/cancel.html", {"member": found}, section=SECTION)
    done = _("L’invitation est annulée\u202f: son lien ne vaut plus.")
    return _move(request, lambda who: invitations.cancel(member_id=member_id, **who), done)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, member_id: UUID) -> HttpResponse:
    found = _member_or_404(member_id)
    if request.method != "POST":
        return page(request, "office/staff/withdraw.html", {"member": found}, section=SECTION)
    done = _("Cette personne n’a plus accès à l’espace de travail.")
    return _move(request, lambda who: members.withdraw(member_id=member_id, **who), done)


@_managers
@recently("security")
@require_POST
def give_back(request: HttpRequest, member_id: UUID) -> HttpResponse:
    _member_or_404(member_id)
    done = _("Cette personne retrouve son rôle.")
    return _move(request, lambda who: members.give_back(member_id=member_id, **who), done)


def _did(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    try:
        act({"actor": actor_of(request), "at": clock.now()})
    except Refusal as refusal:
        form.add_error("email" if isinstance(refusal, invitations.ABOUT_THE_ADDRESS) else None, str(refusal))
        return False
    return True


def _move(request: HttpRequest, act: Callable[[dict[str, Any]], object], done: str) -> HttpResponse:
    try:
        act({"actor": actor_of(request), "at": clock.now()})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("office:people")


def _show(request: HttpRequest, template: str, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, f"office/staff/{template}.html", context, section=SECTION, status=status)


def _is_owner(request: HttpRequest) -> bool:
    return of_request(request).role == Role.OWNER


def _member_or_404(member_id: UUID) -> StaffMember:
    return get_object_or_404(StaffMember.objects.select_related("user"), pk=member_id)
