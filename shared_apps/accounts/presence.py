"""Keeps for the list of devices when each was last seen, to the quarter of an hour."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel import clock
from shared_apps.accounts import sessions


class PresenceMiddleware:
    """Stands inside the session's own middleware, and writes at most once in a quarter of an hour."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A page that asked nothing of the session is no visit of anybody.
        if request.session.accessed and sessions.was_seen_long_ago(request.session, at=clock.now()):
            sessions.see(request.session, at=clock.now())
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())
        return response
