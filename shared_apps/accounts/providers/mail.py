"""S4-07: the letter that says that somebody is registered, and with which address they will be known."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest
from django.urls import reverse

from shared_apps.accounts.models import User


def tell_registered(request: HttpRequest, user: User) -> None:
    told = {
        "user": user,
        "portal_url": request.build_absolute_uri(reverse("home")),
        "unique_key": f"registered/{user.pk}",
    }
    get_adapter(request).send_mail("socialaccount/email/registered", user.email, told)


def on_email_confirmed(*, request: HttpRequest, email_address: EmailAddress, **_said: object) -> None:
    """Whoever registered with an address that the provider did not vouch for has shown by a code that it is theirs."""
    user = email_address.user
    if user.last_login is None and SocialAccount.objects.filter(user=user).exists():
        tell_registered(request, user)
