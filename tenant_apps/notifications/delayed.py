"""What is written about a payment that a bank answers days later: that it is under way, and that it was refused."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Payment, Status


def processing(payload: dict[str, Any]) -> None:
    payment = _payment(payload)
    if payment.status != Status.PROCESSING:
        return
    order = payment.order
    with override(order.language):
        letter = Letter(
            subject=_("Paiement en cours\u202f: %(amount)s")
            % {"amount": about_orders.money(payment.amount_cents, order)},
            paragraphs=[
                _("Bonjour,"),
                _("Votre banque a reçu la demande de paiement. Sa réponse peut prendre quelques jours ouvrables."),
                _("Vos places sont gardées jusque-là. Votre reçu suivra dès que l’argent sera arrivé."),
            ],
            facts=about_orders.facts(order, payment.amount_cents),
            action=about_orders.page(order, _("Voir ma commande")),
        )
        about_orders.to_family(letter, order, key=f"payment:{payment.id}:processing")


def bounced(payload: dict[str, Any]) -> None:
    """To the family what it can do and until when; to staff, that the money they counted on has not come."""
    payment = _payment(payload)
    if payment.status != Status.FAILED:
        return
    order, profile = payment.order, organisation.profile()
    with override(order.language):
        until = _until(payload["until"])
        about_orders.to_family(_bounced(payment, until), order, key=f"payment:{payment.id}:bounced")
    with override(staff_language(profile)):
        letter = Letter(
            subject=_("Paiement refusé par la banque\u202f: commande %(reference)s") % {"reference": order.reference},
            paragraphs=[
                _("Bonjour,"),
                _("La banque a refusé un paiement qui semblait fait. La famille est prévenue, et rien n’est annulé."),
            ],
            facts=about_orders.facts(order, payment.amount_cents),
        )
        about_orders.to_staff(letter, order, key=f"payment:{payment.id}:bounced:staff")


def _bounced(payment: Payment, until: str) -> Letter:
    said = _("Votre banque a refusé le paiement que vous aviez fait. Vos places restent gardées jusqu’au %(moment)s.")
    owed = _("Votre banque a refusé le paiement que vous aviez fait. Le montant reste dû, et rien n’est annulé.")
    return Letter(
        subject=_("Paiement refusé par votre banque"),
        paragraphs=[
            _("Bonjour,"),
            said % {"moment": until} if until else owed,
            _("Payez d’une autre façon, en ligne ou à nos bureaux."),
        ],
        facts=about_orders.facts(payment.order, payment.amount_cents),
        action=about_orders.page(payment.order, _("Payer autrement")),
    )


def _payment(payload: dict[str, Any]) -> Payment:
    return Payment.objects.select_related("order__guardian", "order__payee").get(pk=payload["payment"])


def _until(moment: str) -> str:
    zone = organisation.profile().zone
    return (
        formats.datetime_words(datetime.fromisoformat(moment).astimezone(zone), about_orders.locale()) if moment else ""
    )


LISTENERS = {"payments.processing": processing, "payments.bounced": bounced}
