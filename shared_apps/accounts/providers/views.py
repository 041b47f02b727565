"""To an identity provider and back, and what stands between: registering, or joining an account that is there."""

from datetime import date
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.internal.flows.login import record_authentication
from allauth.socialaccount.internal.flows.signup import clear_pending_signup, get_pending_signup
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.views import SignupView
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.errors import Refusal
from shared_apps.accounts import access
from shared_apps.accounts.providers import adapter, protocol
from shared_apps.accounts.providers.forms import LinkForm
from shared_apps.accounts.providers.sources import COLUMNS
from shared_apps.design.posting import posted

_PENDING = "socialaccount_sociallogin"
# The account whose password was typed to join it to the identity that is pending.
_TO_JOIN = "socialaccount_to_join"


@login_not_required  # type: ignore[untyped-decorator]
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return protocol.begin(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


@login_not_required  # type: ignore[untyped-decorator]
@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return protocol.finish(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        return _refused(request, str(refusal))


class Register(SignupView):  # type: ignore[misc]
    """« S’enregistrer en tant que parent » (S4-05)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _has_account(self.sociallogin):
            return redirect("socialaccount_link")
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponseBase:
        pending = self.request.session.get(_PENDING)
        try:
            with transaction.atomic():
                response: HttpResponseBase = super().form_valid(form)
                return response
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:
            form.add_error(None, _("Cette identité vient d’être enregistrée. Connectez-vous de nouveau avec elle."))
        self.request.session[_PENDING] = pending
        answer: HttpResponseBase = self.form_invalid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_identity(self.sociallogin)}

    def get_authenticated_redirect_url(self) -> str:
        return access.home_of(self.request)


@login_not_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """An account is there already: all that opens it joins it to the identity, nothing less."""
    pending = get_pending_signup(request)
    if pending is None:
        return redirect("account_login")
    if request.user.is_authenticated and request.session.pop(_TO_JOIN, None) == str(request.user.pk):
        return _join(request, pending, request.user)
    known = pending.user.email if _has_account(pending) else ""
    form = LinkForm(posted(request), request=request, initial={"login": known})
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, pending, form.user)
        except ImmediateHttpResponse as answer:
            return answer.response  # type: ignore[no-any-return]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "socialaccount/link.html", {"form": form, "is_known": bool(known), **_identity(pending)})


@login_not_required  # type: ignore[untyped-decorator]
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Vous n’avez pas terminé chez le fournisseur d’identité\u202f: rien n’a changé."))
    return redirect("account_login")


def _open(request: HttpRequest, pending: SocialLogin, user: Any) -> HttpResponse:
    """The second factor and the proof of the address, where they lack, come before the account is joined.

    Raises Refusal.
    """
    adapter.check_unlinked(user)
    request.session[_TO_JOIN] = str(user.pk)
    response: HttpResponse = perform_login(
        request, user, redirect_url=reverse("socialaccount_link"), signal_kwargs={"sociallogin": pending}
    )
    return response


def _join(request: HttpRequest, pending: SocialLogin, user: Any) -> HttpResponse:
    clear_pending_signup(request)
    try:
        adapter.link(request=request, sociallogin=pending, user=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(access.home_of(request))
    record_authentication(request, pending)
    messages.success(request, _("C’est fait\u202f: la prochaine fois, connectez-vous avec votre identité."))
    return redirect(pending.get_redirect_url(request) or access.home_of(request))


def _has_account(pending: SocialLogin) -> bool:
    """Does an address that the provider vouches for belong to an account already?"""
    vouched = [address.email for address in pending.email_addresses if address.verified]
    return bool(EmailAddress.objects.filter(email__in=vouched).exists())


def _identity(pending: SocialLogin) -> dict[str, Any]:
    """Never the national number itself: only that it was given."""
    said = adapter.said(pending)
    return {
        "identity": [
            {"label": COLUMNS[name], "value": said[name]} for name in ("last_name", "first_name") if name in said
        ],
        "birth_date": date.fromisoformat(said["birth_date"]) if "birth_date" in said else None,
        "gives_number": "national_number" in said,
        "provider_name": pending.provider.name,
        "is_locked": bool(pending.provider.source.locked),
    }


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect("account_login")
