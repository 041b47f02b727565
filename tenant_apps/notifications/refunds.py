"""What is written about money that goes back: to the family how and when, to staff what waits for them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shared_apps.design import formats
from tenant_apps.changes.rebates import CAUSE
from tenant_apps.families.models import Guardian
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.disputed import dispute_words, named
from tenant_apps.payments.models import Payment, Refund, RefundMeans
from tenant_apps.payments.refunding import BY_HAND
from tenants import links

HOW: dict[str, Promise] = {
    RefundMeans.CARD: gettext_lazy(
        "Le montant est rendu sur le moyen de paiement utilisé, d’ici quelques jours ouvrables."
    ),
    RefundMeans.CREDIT: gettext_lazy("Le montant est gardé en crédit à votre nom, pour vos prochaines commandes."),
    RefundMeans.CHEQUE: gettext_lazy("Le montant vous est rendu par chèque\u202f: nous le préparons."),
    RefundMeans.TRANSFER: gettext_lazy("Le montant vous est rendu par virement\u202f: nous le préparons."),
    RefundMeans.CASH: gettext_lazy("Le montant vous est rendu en espèces, à nos bureaux."),
}
_WHY: dict[str, Promise] = {
    "paid_twice": gettext_lazy("Cette commande était déjà payée\u202f: ce que vous avez payé en trop vous est rendu."),
    "places_gone": gettext_lazy(
        "Votre paiement est arrivé après la fin du délai, et les places avaient été données à d’autres familles. "
        "Nous en sommes désolés."
    ),
    "surplus": gettext_lazy("Vous avez remis plus que ce qui était dû\u202f: le surplus vous revient."),
    "again": gettext_lazy("La façon de vous rendre ce montant a changé."),
}
_WHOLE, _PART = (
    gettext_lazy("Nous vous rendons ce paiement en entier."),
    gettext_lazy("Nous vous rendons une partie de ce paiement."),
)


def how(refunds: Iterable[Refund]) -> list[str]:
    """How money goes back, each way once."""
    return [str(words) for means, words in HOW.items() if any(refund.means == means for refund in refunds)]


def refund_owed(payload: dict[str, Any]) -> None:
    refund = _refund(payload)
    if refund.is_in_books_alone or refund.reason.startswith(CAUSE):
        # What was changed says in one message what it gives back (notifications.changes); what was the money of
        # another order was never this family's.
        return
    order = refund.payment.order
    with override(order.language):
        amount = about_orders.money(refund.amount_cents, order)
        is_whole = refund.amount_cents == refund.payment.amount_cents
        reason = refund.reason.partition(":")[0]
        why = _WHY.get(reason, _WHOLE if is_whole else _PART)
        # Of a surplus that is kept, nothing was given back.
        is_kept = reason == "surplus" and refund.means == RefundMeans.CREDIT
        subject = _("Crédit de %(amount)s") if is_kept else _("Remboursement de %(amount)s")
        what = _("Crédit familial") if is_kept else _("Montant remboursé")
        letter = Letter(
            subject=subject % {"amount": amount},
            paragraphs=[_("Bonjour,"), str(why), *how([refund])],
            facts=[(what, amount), (_("Référence"), order.reference)],
        )
        about_orders.to_family(letter, order, key=f"refund:{refund.id}:owed")


def refund_failed(payload: dict[str, Any]) -> None:
    """To the family what it need not fear, to staff what they are asked to choose."""
    refund = _refund(payload)
    if refund.means in BY_HAND:
        # Staff said so themselves.
        return
    order = refund.payment.order
    with override(order.language):
        amount = about_orders.money(refund.amount_cents, order)
        letter = Letter(
            subject=_("Remboursement refusé par la banque\u202f: %(amount)s") % {"amount": amount},
            paragraphs=[
                _("Bonjour,"),
                _("La banque a refusé notre remboursement\u202f: la carte est peut-être expirée ou remplacée."),
                _("Le montant vous reste dû, et vous n’avez rien à refaire. Nous vous le rendrons autrement."),
                _("Répondez à ce message si vous préférez un crédit pour vos prochaines commandes, ou un chèque."),
            ],
            facts=[
                (_("Montant à rendre"), amount),
                (_("Moyen de paiement"), refund.payment.method),
                (_("Référence"), order.reference),
            ],
        )
        about_orders.to_family(letter, order, key=f"refund:{refund.id}:failed")
    with override(staff_language(organisation.profile())):
        letter = Letter(
            subject=_("Un remboursement est à refaire\u202f: %(amount)s")
            % {"amount": about_orders.money(refund.amount_cents, order)},
            paragraphs=[
                _("Bonjour,"),
                _("La banque a refusé un remboursement. Choisissez un autre moyen de le rendre à la famille."),
            ],
            facts=[(_("Commande"), order.reference)],
        )
        act = _("Choisir un autre moyen"), links.absolute(reverse("office:refund_page", args=[refund.id]))
        about_orders.to_staff(letter, order, key=f"refund:{refund.id}:failed:staff", act=act)


def credit_granted(payload: dict[str, Any]) -> None:
    profile = organisation.profile()
    guardian = Guardian.objects.get(pk=payload["guardian"])
    with override(guardian.language):
        locale = formats.locale_for(guardian.language, profile.territory)
        amount = formats.money(payload["cents"], profile.currency.upper(), locale)
        letter = Letter(
            subject=_("Un crédit de %(amount)s est à votre nom") % {"amount": amount},
            paragraphs=[_("Bonjour,"), _("Nous vous accordons un crédit, que vous pourrez utiliser en commandant.")],
            facts=[(_("Montant"), amount)],
        )
        send(
            letter,
            key=f"credit:{payload['key']}:granted",
            recipient=guardian.email,
            language=guardian.language,
            profile=profile,
        )


def disputed(payload: dict[str, Any]) -> None:
    """To staff, who have until a day to answer the bank."""
    payment = Payment.objects.select_related("order__guardian").get(pk=payload["payment"])
    dispute = named(payment.dispute, payload["dispute"])
    with override(staff_language(organisation.profile())):
        letter = Letter(
            subject=_("Paiement contesté\u202f: commande %(reference)s") % {"reference": payment.order.reference},
            paragraphs=[_("Bonjour,"), dispute_words(dispute)],
            facts=[(_("Montant"), about_orders.money(dispute["cents"], payment.order))],
        )
        act = _("Voir les paiements contestés"), links.absolute(reverse("office:disputes"))
        about_orders.to_staff(letter, payment.order, key=f"dispute:{dispute['id']}:{payload['status']}", act=act)


def _refund(payload: dict[str, Any]) -> Refund:
    return Refund.objects.select_related("payment__order__guardian").get(pk=payload["refund"])


LISTENERS = {
    "payments.refund_owed": refund_owed,
    "payments.refund_failed": refund_failed,
    "payments.credit_granted": credit_granted,
    "payments.disputed": disputed,
}
