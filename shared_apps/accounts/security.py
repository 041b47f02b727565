"""What account holders do for their own security: see it whole, choose a second factor, keep passkeys."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts import access, codes, devices, sessions

_THEN = "after_second_factor"


class Hub(IndexView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "user_code": codes.shown(self.request.user.code) if codes.accepted(self.request) else "",
            "must_have": access.needs_second_factor(self.request),
            "device_count": len(devices.open_sessions(self.request.user, at=clock.now())),
        }


@require_safe
def choose_second_factor(request: HttpRequest) -> HttpResponseBase:
    """Between a passkey and an application. What one was about to do is gone back to afterwards."""
    then = request.GET.get("next", "")
    if then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()}):
        request.session[_THEN] = then
    if access.second_factor_done(request):
        return redirect(_then(request))
    return render(request, "mfa/choose.html")


class Activate(ActivateTOTPView):  # type: ignore[misc]
    """The session that sets up the application has shown it."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Always one that signs in by itself; the session that adds it has shown it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"js_data": auth.begin_registration(self.request.user, True)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="webauthn")
        return response

    def get_success_url(self) -> str:
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        return _then(self.request)


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        return response


class SignInWithPasskey(LoginWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        sessions.wish(self.request.session, to_stay=self.request.POST.get("remember") == "on")
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmWithPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        """Here again, where allauth would lead to the page of connection and from there away."""
        super().form_invalid(form)
        return HttpResponseRedirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"continue_url": _then(self.request)}


def _then(request: HttpRequest) -> str:
    """Where whoever had to have a second factor was going; else the page of security."""
    return str(request.session.get(_THEN) or reverse("mfa_index"))
