"""Confirming by a code that is sent: for the account that has neither password nor second factor, or forgot them."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core.internal.httpkit import authenticated_user
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.forms import ConfirmLoginCodeForm

_KEY = "confirmation_code"
_GOOD_FOR_SECONDS = 10 * 60
_TRIES = 3


class ConfirmByMail(BaseReauthenticateView):  # type: ignore[misc]
    form_class = ConfirmLoginCodeForm
    template_name = "account/confirm_by_mail.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "send":
            _send(request)
            return self._here()
        if not _sent(request):
            messages.error(request, _("Ce code n’est plus bon. Demandez-en un nouveau."))
            return self._here()
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        arguments: dict[str, Any] = super().get_form_kwargs()
        return arguments | {"code": _sent(self.request).get("code")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_sent": bool(_sent(self.request)), "email": self.request.user.email}

    def form_valid(self, form: Any) -> HttpResponse:
        del self.request.session[_KEY]
        record_authentication(self.request, self.request.user, "code", reauthenticated=True)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        kept = self.request.session[_KEY]
        self.request.session[_KEY] = kept | {"tries": kept["tries"] + 1}
        response: HttpResponse = super().form_invalid(form)
        return response

    def _here(self) -> HttpResponse:
        return HttpResponseRedirect(self.passthrough_next_url(reverse("confirm_by_mail")))


def _send(request: HttpRequest) -> None:
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[_KEY] = {"code": code, "at": clock.now().timestamp(), "tries": 0}
    adapter.send_mail("account/email/confirm_code", authenticated_user(request).email, {"code": code})


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What was sent and is still good, else nothing."""
    kept: dict[str, Any] = request.session.get(_KEY, {})
    is_good = kept and kept["tries"] < _TRIES and clock.now().timestamp() - kept["at"] < _GOOD_FOR_SECONDS
    return kept if is_good else {}
