"""An account that a link by e-mail opens for the first time: who has the link has proved the address."""

from datetime import datetime

from allauth.account.models import EmailAddress

from kernel.transactions import operation
from shared_apps.accounts import first_proof
from shared_apps.accounts.models import User


def has_proved_address(user: User) -> bool:
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


@operation
def open_account(*, user: User, password: str, at: datetime) -> None:
    """The address is theirs, and so is the password from now on; without one they sign in by a code.

    What somebody else gave before them, without proof, is forgotten.
    """
    first_proof.begin_anew(user=user, at=at)
    user.set_password(password or None)
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
