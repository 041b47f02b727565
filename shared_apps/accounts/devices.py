"""Where an account is open: the browsers that hold a session of it, and the ways to close them."""

from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shared_apps.accounts import user_agents


class Devices(ListUserSessionsView):  # type: ignore[misc]
    """This one first, then the one that was seen last."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = sorted(context["sessions"], key=lambda session: session.last_seen_at, reverse=True)
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
