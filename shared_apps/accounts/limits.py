"""How often one may ask: without an account, counted per visit and, more widely, per address of the network; with one,
what tells of people whom the organisation knows, and what asks the processor for a page.

Never per network alone: a whole school comes from one address. Whoever holds an address that one family was sent is
counted by that address, as who has an account is by the account.
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


class CodesAskedTooOften(Refusal):
    code = "codes_asked_too_often"
    message = _("Plusieurs codes sont déjà partis à cette adresse. Attendez une heure avant d’en demander un autre.")


View = Callable[..., HttpResponseBase]


def limited(action: str, *, sent: str = "") -> Callable[[View], View]:
    """Inside an access rule: as often as settings.GUEST_LIMITS says for `action`, or FAMILY_LIMITS for one family.

    `sent`: which argument of the view is the secret of an address that only one family was sent.
    """

    def rule(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _may(request, action, family=_family_of(request, kwargs.get(sent, ""))):
                return view(request, *args, **kwargs)
            refused: HttpResponseBase = ratelimit.respond_429(request)
            return refused

        return counted

    return rule


def refuse_too_many_children(request: HttpRequest) -> None:
    """Counts one for the account, whatever the answer will be. Raises AskedTooOften.

    Who works at the counter adds the children of many families.
    """
    if not _may(request, "add_child", family=_family_of(request)):
        raise AskedTooOften


def refuse_too_many_codes(request: HttpRequest, recipient: str) -> None:
    """Counts one more mail to somebody who may have asked for none. Raises CodesAskedTooOften."""
    key, config = recipient.lower(), settings.GUEST_LIMITS
    if not ratelimit.consume(request, app="preau", action="code_by_mail", config=config, key=key):
        raise CodesAskedTooOften


def _family_of(request: HttpRequest, secret: str = "") -> str:
    return str(request.user.pk) if request.user.is_authenticated else secret


def _may(request: HttpRequest, action: str, *, family: str) -> bool:
    """Reading is never counted."""
    if getattr(request, "represented", None) is not None:
        return True
    key, config = family, settings.FAMILY_LIMITS
    if not family:
        key, config = f"{request.session.session_key or ''}/{ratelimit.get_ip(request)}", settings.GUEST_LIMITS
    return bool(ratelimit.consume(request, app="preau", action=action, config=config, key=key))
