"""« Bienvenue »: the page behind the link of an invitation, before there is a signed-in member of staff."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.transactions import operation
from shared_apps.accounts import detour, invited
from shared_apps.accounts.access import public
from shared_apps.accounts.forms import SetPasswordForm
from shared_apps.accounts.models import User
from shared_apps.design.posting import posted
from tenant_apps.office.staff.forms import EXPLAINED
from tenant_apps.organisation import staff
from tenant_apps.organisation.models import StaffMember

_HOME = "office:home"
# Opening a link is not accepting it: scanners of mail open every link.
_BY_CODE = "by_code"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        member = staff.invited_by(token, at=clock.now())
        if invited.has_proved_address(member.user):
            return _of_known_account(request, member)
        return _of_new_account(request, member)
    except staff.InvitationOver:
        return render(request, "office/staff/invitation_over.html", status=410)


def _of_known_account(request: HttpRequest, member: StaffMember) -> HttpResponseBase:
    """Its holder signs in as always, and gains the role. Raises InvitationOver."""
    if not request.user.is_authenticated:
        if request.method == "POST" or "connexion" in request.GET:
            return detour.by(request, "account_login", back=request.path)
        return _show(request, "welcome_sign_in", member)
    if request.user.pk != member.user_id:
        return _show(request, "welcome_other", member, status=403)
    if request.method != "POST":
        return _show(request, "welcome_known", member)
    _accept(member)
    messages.success(request, _("Bienvenue\u202f! Votre rôle est ouvert."))
    return redirect(_HOME)


def _of_new_account(request: HttpRequest, member: StaffMember) -> HttpResponseBase:
    """Whoever has the link has proved the address; a password is theirs to choose. Raises InvitationOver."""
    if request.user.is_authenticated and request.user.pk != member.user_id:
        return _show(request, "welcome_other", member, status=403)
    without = _BY_CODE in request.POST
    form = SetPasswordForm(data=None if without else posted(request), user=member.user)
    if not without and not form.is_valid():
        return _show(request, "welcome_new", member, form=form, status=422 if form.errors else 200)
    user = _open(member, "" if without else form.cleaned_data["password1"])
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=reverse(_HOME))
    return answer


@operation
def _open(member: StaffMember, password: str) -> User:
    """Raises InvitationOver, and then nothing has changed."""
    _accept(member)
    invited.open_account(user=member.user, password=password, at=clock.now())
    return User.objects.get(pk=member.user_id)


def _accept(member: StaffMember) -> None:
    if member.invited_at is None:
        raise staff.InvitationOver
    staff.accept(member_id=member.pk, invited_at=member.invited_at, at=clock.now())


def _show(
    request: HttpRequest, template: str, member: StaffMember, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"member": member, "role_explained": EXPLAINED.get(member.role, ""), **more}
    return render(request, f"office/staff/{template}.html", context, status=status)
