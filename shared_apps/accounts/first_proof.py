"""Whoever proves the address of an account that nobody had proved yet, elsewhere than where it was made, owns it alone.

Else somebody could make an account with another person's address, and wait until that person comes in by a code.
"""

from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kernel import clock
from kernel.registry import Registry
from shared_apps.accounts.models import User

# Said by the room that keeps profiles: what parts an account from the one that somebody else filled in.
PARTERS: Registry[Callable[..., object]] = Registry("parter of profiles")

# The code that is typed there is good in the very session that made the account, or asked for the address.
_WHERE_IT_WAS_MADE = "account_email_verification_sent"
_BY_A_CODE = "account_confirm_login_code"


def on_email_confirmed(*, request: HttpRequest, email_address: EmailAddress, **_said: object) -> None:
    """The password and the identity that were given before are of somebody who proved nothing."""
    user, page = email_address.user, getattr(request.resolver_match, "url_name", "")
    if user.last_login is not None or page == _WHERE_IT_WAS_MADE:
        return
    begin_anew(user=user, at=clock.now())
    if user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        if page == _BY_A_CODE:
            messages.info(
                request,
                _(
                    "Le mot de passe choisi avant la confirmation de votre adresse ne vaut plus. Choisissez-en un "
                    "autre."
                ),
            )


def begin_anew(*, user: User, at: datetime) -> None:
    """The identity and the profile of who proved nothing are no longer this account's."""
    SocialAccount.objects.filter(user=user).delete()
    for _name, part in PARTERS:
        part(user=user, at=at)
