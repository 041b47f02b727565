"""What is written about payments that come later: that one is near, that a card refused it, and what to do.

Nothing here threatens a registration: what becomes of one is decided by a person.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.gateway.intents import NEEDS_PAYER
from shared_apps.design import formats
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Instalment, InstalmentStatus
from tenant_apps.payments.operations.retrying import NO_CARD
from tenant_apps.payments.operations.warning import expires_before


def coming(payload: dict[str, Any]) -> None:
    """Nothing of what was paid or given up since."""
    part = _part(payload)
    if part.status != InstalmentStatus.DUE or not part.left_cents:
        return
    order = part.order
    with override(order.language):
        values = {
            "amount": about_orders.money(part.left_cents, order),
            "day": _day(part),
            "card": order.card.get("label", ""),
        }
        letter = _to_be_taken(part, values) if part.is_automatic else _to_be_paid(values)
        about_orders.to_family(_about(letter, part), order, key=f"instalment:{part.id}:coming:{part.due_on}")


def refused(payload: dict[str, Any]) -> None:
    """How it goes on: the card is asked again, or the family pays on the page, or gives another card."""
    part = _part(payload)
    if part.status != InstalmentStatus.FAILED:
        return
    order = part.order
    with override(order.language):
        why = {
            NEEDS_PAYER: _(
                "Votre banque demande que vous confirmiez ce paiement vous-même\u202f: il faut le faire en ligne."
            ),
            NO_CARD: _("Aucune carte n’est gardée pour ce versement\u202f: il faut le payer en ligne."),
        }.get(payload["failure"], _("Votre carte n’a pas pu être débitée du versement prévu."))
        letter = Letter(
            subject=_("Versement à régler\u202f: %(amount)s") % {"amount": about_orders.money(part.left_cents, order)},
            paragraphs=[_("Bonjour,"), why, *_what_next(part)],
            notes=[_("Ce refus n’annule pas votre inscription.")],
        )
        key = f"instalment:{part.id}:refused:{payload['payment']}"
        about_orders.to_family(_about(letter, part), order, key=key)


def grace_over(payload: dict[str, Any]) -> None:
    """To the organisation's own people, who are the only ones to decide."""
    part = _part(payload)
    if part.status != InstalmentStatus.FAILED:
        return
    profile = organisation.profile()
    with override(staff_language(profile)):
        letter = Letter(
            subject=_("Versement impayé\u202f: commande %(reference)s") % {"reference": part.order.reference},
            paragraphs=[
                _("Bonjour,"),
                _("Le délai laissé à la famille est passé. Rien n’est annulé\u202f: la suite dépend de vous."),
            ],
        )
        about_orders.to_staff(
            _about(letter, part), part.order, key=f"instalment:{part.id}:grace_over:{part.grace_until}"
        )


def _to_be_taken(part: Instalment, values: dict[str, str]) -> Letter:
    card = part.order.card
    if not card:
        said = _("Un versement de %(amount)s est dû le %(day)s, et aucune carte n’est gardée pour lui.")
        return _coming(said, values, do=_("Payez-le en ligne, ou donnez une carte."))
    said = _("Un versement de %(amount)s sera pris le %(day)s sur votre carte %(card)s, comme convenu à l’inscription.")
    if expires_before(card, part.due_on):
        return _coming(
            said, values, do=_("Cette carte expire avant ce jour\u202f: donnez-en une autre dès maintenant.")
        )
    return _coming(said, values, do=_("Vous n’avez rien à faire."))


def _to_be_paid(values: dict[str, str]) -> Letter:
    said = _("Un versement de %(amount)s est dû le %(day)s.")
    return _coming(said, values, do=_("Vous pouvez le payer en ligne dès maintenant."))


def _coming(said: str, values: dict[str, str], *, do: str) -> Letter:
    subject = _("Versement du %(day)s\u202f: %(amount)s") % values
    return Letter(subject=subject, paragraphs=[_("Bonjour,"), said % values, do])


def _what_next(part: Instalment) -> list[str]:
    locale, zone = about_orders.locale(), organisation.profile().zone
    if part.try_at is not None:
        day = formats.date_words(part.try_at.astimezone(zone).date(), locale)
        again = _(
            "Nous essaierons de nouveau le %(day)s. D’ici là, vous pouvez payer en ligne ou donner une autre carte."
        )
        return [again % {"day": day}]
    if part.grace_until is None:
        return []
    left = _("Vous pouvez payer en ligne ou donner une autre carte jusqu’au %(day)s. Ensuite, nous vous écrirons.")
    return [left % {"day": formats.date_words(part.grace_until, locale)}]


def _about(letter: Letter, part: Instalment) -> Letter:
    """With what it is about, and the page on which all can be done."""
    facts = [*about_orders.facts(part.order, part.left_cents), (_("Échéance"), _day(part))]
    words = _("Payer ou changer de carte") if part.is_automatic else _("Voir et payer")
    action = about_orders.page(part.order, words)
    return Letter(letter.subject, letter.paragraphs, facts, action, letter.notes)


def _day(part: Instalment) -> str:
    return formats.date_words(part.due_on, about_orders.locale())


def _part(payload: dict[str, Any]) -> Instalment:
    return Instalment.objects.select_related("order__guardian", "order__payee").get(pk=payload["instalment"])


LISTENERS = {"instalments.coming": coming, "instalments.refused": refused, "instalments.grace_over": grace_over}
