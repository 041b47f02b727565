"""The link by which a guest, who has no account, finds what was offered to them: it is signed, and runs out."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from kernel import signing
from tenant_apps.families.models import Guardian
from tenant_apps.registrations.models import Basket
from tenants import links

_PURPOSE = "waiting-guest"
_VALID = timedelta(days=30)


def to_offers(guest: Guardian) -> str:
    token = signing.sign(str(guest.id), purpose=_PURPOSE)
    return links.absolute(reverse("waiting_offer", args=[token]))


def to_basket(basket: Basket) -> str:
    """The basket, and nothing else of the family (portal.views.helping)."""
    signed = signing.sign(str(basket.id), purpose="basket_link")
    return links.absolute(reverse("basket_link", args=[signed]))


def guest_of(token: str) -> Guardian | None:
    """None for a link that is not ours or too old, and once the guest has an account: they sign in."""
    try:
        said = signing.read(token, purpose=_PURPOSE, max_age_seconds=int(_VALID.total_seconds()))
        return Guardian.objects.filter(id=UUID(said), user=None, merged_into=None).first()
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
