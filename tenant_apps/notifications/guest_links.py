"""The link by which a guest, who has no account, finds what was offered to them: it is signed, and runs out."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from kernel import signing
from tenant_apps.families.models import Guardian
from tenant_apps.registrations.models import Basket
from tenants import links

_OFFERS, _BASKET = "waiting-guest", "basket_link"
_OFFERS_LAST, _BASKET_LASTS = timedelta(days=30), timedelta(days=7)


def to_offers(guest: Guardian) -> str:
    token = signing.sign(str(guest.id), purpose=_OFFERS)
    return links.absolute(reverse("waiting_offer", args=[token]))


def to_basket(basket: Basket) -> str:
    """The basket, and nothing else of the family."""
    signed = signing.sign(str(basket.id), purpose=_BASKET)
    return links.absolute(reverse("basket_link", args=[signed]))


def guest_of(token: str) -> Guardian | None:
    """None for a link that is not ours or too old, and once the guest has an account: they sign in."""
    guardian_id = _read(token, _OFFERS, _OFFERS_LAST)
    return Guardian.objects.filter(id=guardian_id, user=None, merged_into=None).first() if guardian_id else None


def basket_of(token: str) -> UUID | None:
    """None for a link that is not ours or too old."""
    return _read(token, _BASKET, _BASKET_LASTS)


def _read(token: str, purpose: str, lasts: timedelta) -> UUID | None:
    try:
        return UUID(signing.read(token, purpose=purpose, max_age_seconds=int(lasts.total_seconds())))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
