"""What django-allauth's views lack: an address already given is not asked again, the session that sets up a second
factor has shown it, and a language is kept."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import SignupView
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as djangos_set_language

from kernel.registry import Registry

# Said by the room that knows, at start-up: the address that a visitor has already given, or nothing.
GIVEN_EMAIL: Registry[Callable[[HttpRequest], str]] = Registry("source of the visitor's address")


class SignUp(SignupView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """`?autre-adresse`: begin anew, where allauth would return to the code that was sent."""
        if "autre-adresse" in request.GET and not request.user.is_authenticated:
            clear_login(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_initial(self) -> dict[str, Any]:
        given = next((email for _, source in GIVEN_EMAIL if (email := source(self.request))), "")
        return {"email": given, **super().get_initial()}


class Activate(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in the browser, and for whoever is signed in, in the account too."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return djangos_set_language(request)
