"""How often one may ask: without an account, counted per visit and, more widely, per address of the network; with one,
what tells of people whom the organisation knows.

Never per network alone: a whole school comes from one address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class AskedTooOften(Refusal):
    code = "asked_too_often"
    message = _("Vous avez ajouté beaucoup de personnes aujourd’hui. Réessayez demain, ou écrivez à l’organisation.")


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


def refuse_too_many_children(request: HttpRequest) -> None:
    """Counts one for the account, whatever the answer will be. Raises AskedTooOften.

    Who works at the counter adds the children of many families.
    """
    if getattr(request, "represented", None) is not None:
        return
    key, config = str(request.user.pk), settings.FAMILY_LIMITS
    if not ratelimit.consume(request, app="preau", action="add_child", config=config, key=key):
        raise AskedTooOften


def _may(request: HttpRequest, action: str) -> bool:
    """Reading is never counted."""
    visit = f"{request.session.session_key or ''}/{ratelimit.get_ip(request)}"
    return bool(ratelimit.consume(request, app="preau", action=action, config=settings.GUEST_LIMITS, key=visit))
