"""What is written to a family whose basket was filled at the counter or by telephone, for it to pay."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications import guest_links
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import queries as registrations
from tenant_apps.registrations.models import Basket
from tenants import links


def to_pay(payload: dict[str, Any]) -> None:
    """Nothing where the basket was paid or let go in the meantime. An account is signed in to; else the link opens."""
    basket = Basket.objects.select_related("guardian").get(pk=payload["basket"])
    lines = registrations.basket_lines(basket.id)
    if basket.closed_at is not None or not lines:
        return
    profile, language = organisation.profile(), basket.guardian.language
    with override(language):
        locale = formats.locale_for(language, profile.territory)
        until = min(line.held_until for line in lines).astimezone(profile.zone)
        total = sum(line.amount_cents for line in lines)
        letter = Letter(
            subject=_("Votre inscription attend votre paiement"),
            paragraphs=[
                _("Bonjour,"),
                _(
                    "Nous avons préparé votre panier avec vous. Vérifiez-le, puis payez avant la fin du délai\u202f: "
                    "après, les places ne sont plus gardées."
                ),
            ],
            facts=[
                *((str(line.participant), f"{line.option.offering} – {line.option}") for line in lines),
                (_("Montant"), formats.money(total, profile.currency.upper(), locale)),
                (_("Places gardées jusqu’au"), formats.datetime_words(until, locale)),
            ],
            action=(_("Voir et payer"), _address(basket)),
        )
        send(
            letter,
            key=f"basket:{basket.id}:to_pay:{payload['key']}",
            recipient=payload["address"],
            language=language,
            profile=profile,
        )


def _address(basket: Basket) -> str:
    if basket.guardian.user_id is not None:
        return links.absolute(reverse("basket"))
    return guest_links.to_basket(basket)


LISTENERS = {"baskets.to_pay": to_pay}
