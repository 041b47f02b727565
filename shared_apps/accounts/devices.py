"""Where an account is open: the browsers that hold a session of it, and the ways to close them."""

from datetime import datetime
from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from shared_apps.accounts import sessions, user_agents
from shared_apps.accounts.models import User


def open_sessions(user: User, *, at: datetime) -> list[UserSession]:
    """Those that still open the account, the last seen first: not after its password changed, nor after their end."""
    known = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at")
    kept = Session.objects.filter(session_key__in=known.values("session_key"), expire_date__gt=timezone.now())
    said = {session.session_key: session.get_decoded() for session in kept}
    return [session for session in known if _opens(said.get(session.session_key, {}), user, at)]


def _opens(data: dict[str, Any], user: User, at: datetime) -> bool:
    return data.get(HASH_SESSION_KEY) == user.get_session_auth_hash() and sessions.is_open(data, at=at)


class Devices(ListUserSessionsView):  # type: ignore[misc]
    """This one first."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past allauth's own, which asks the database about each session.
        context: dict[str, Any] = super(ListUserSessionsView, self).get_context_data(**kwargs)
        found = open_sessions(self.request.user, at=clock.now())
        listed = sorted(found, key=lambda session: not session.is_current())
        return context | {"devices": [(session, user_agents.words(session.user_agent)) for session in listed]}


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one session of one's own; the present one too."""
    session = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    end_sessions(request, [session])
    if request.user.is_authenticated:
        messages.success(request, _("Cette session est fermée."))
        return redirect("usersessions_list")
    return redirect("account_login")
