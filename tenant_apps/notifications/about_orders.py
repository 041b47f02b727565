"""What every message about an order's money says alike: how much, to whom, and on which page to see to it."""

from babel import Locale
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenants import links


def facts(order: Order, cents: int) -> list[tuple[str, str]]:
    payee = order.payee.legal_name
    return [(_("Montant"), money(cents, order)), (_("Bénéficiaire"), payee), (_("Référence"), order.reference)]


def page(order: Order, words: str) -> tuple[str, str]:
    """The family's own page of the order, on which it pays and changes its card. A guest needs nothing but the link."""
    return words, links.absolute(reverse("statement", args=[order.token]))


def money(cents: int, order: Order) -> str:
    return formats.money(cents, order.currency.upper(), locale())


def locale() -> Locale:
    """Of the language that the message is being written in."""
    return formats.locale_for(get_language() or "fr", organisation.profile().territory)


def to_family(letter: Letter, order: Order, *, key: str) -> None:
    profile = organisation.profile()
    send(letter, key=key, recipient=order.guardian.email, language=order.language, profile=profile)


def to_staff(letter: Letter, order: Order, *, key: str, act: tuple[str, str] | None = None) -> None:
    """To the organisation's own address, with whom it is about; it leads to the order, or to where there is to act."""
    profile = organisation.profile()
    who = [(_("Parent"), str(order.guardian)), *letter.facts]
    action = act or (_("Voir la commande"), links.absolute(reverse("office:order", args=[order.reference])))
    told = Letter(letter.subject, letter.paragraphs, who, action, letter.notes)
    send(told, key=key, recipient=profile.contact_email, language=staff_language(profile), profile=profile)
