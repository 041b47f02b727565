"""What django-allauth's views of signing up and in lack, and the page that shows how an account is made."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import RequestLoginCodeView, SignupView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as djangos_set_language

from kernel.registry import Registry
from shared_apps.accounts import sessions

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


class RequestCode(RequestLoginCodeView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        sessions.wish(self.request.session, to_stay=form.cleaned_data["remember"])
        response: HttpResponse = super().form_valid(form)
        return response


@require_safe
def how_to_sign_up(request: HttpRequest) -> HttpResponse:
    """« Comment créer mon compte », step by step (S3-11, S3-18)."""
    return render(request, "account/how_to_sign_up.html")


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in the browser, and for whoever is signed in, in the account too."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return djangos_set_language(request)
