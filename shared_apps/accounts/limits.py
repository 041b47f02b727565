"""How often one may ask: for people without an account, counted per visit and, more widely, per address of the network.

Never per network alone: a whole school comes from one address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def limited(action: str) -> Callable[[View], View]:
    """Inside an access rule: what is sent without an account, as often as settings.GUEST_LIMITS says for `action`."""

    def rule(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated or _may(request, action):
                return view(request, *args, **kwargs)
            refused: HttpResponseBase = ratelimit.respond_429(request)
            return refused

        return counted

    return rule


def _may(request: HttpRequest, action: str) -> bool:
    """Reading is never counted."""
    visit = f"{request.session.session_key or ''}/{ratelimit.get_ip(request)}"
    return bool(ratelimit.consume(request, app="preau", action=action, config=settings.GUEST_LIMITS, key=visit))
