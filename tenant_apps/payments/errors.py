"""Why a payment cannot go on, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class PaymentUnavailable(Refusal):
    code = "payment_unavailable"
    message = _(
        "Le service de paiement ne répond pas pour l’instant. Vos places restent gardées\u202f: "
        "réessayez dans quelques minutes."
    )


class ChargeUnderWay(PaymentUnavailable):
    """The card that is kept is being asked at this moment: a second payment would pay twice."""

    code = "charge_under_way"
    message = _("Un prélèvement est en cours sur la carte gardée pour cette commande. Réessayez dans quelques minutes.")


class NothingToCharge(Refusal):
    code = "nothing_to_charge"
    message = _("Ce versement n’est plus à demander à la carte gardée. Relisez la commande.")


class NoCardToCome(Refusal):
    code = "no_card_to_come"
    message = _("Aucun versement à venir n’est à prélever sur une carte.")


class NothingOwed(Refusal):
    code = "nothing_owed"
    message = _("Rien n’est dû pour cette commande.")


class PayeeNotReady(Refusal):
    code = "payee_not_ready"
    message = _(
        "Le paiement en ligne n’est pas encore ouvert pour {payee}. Écrivez-nous\u202f: vos places sont gardées."
    )


class OnlinePaused(PayeeNotReady):
    """The payee's account took money, and takes none at present."""

    code = "online_paused"
    message = _(
        "Le paiement en ligne n’est pas disponible pour le moment pour {payee}. Vos places restent gardées\u202f: "
        "choisissez un autre moyen s’il y en a un, ou réessayez plus tard."
    )


class AlreadyPaid(Refusal):
    code = "already_paid"
    message = _("Ce panier est déjà payé.")


class OrderGone(Refusal):
    code = "order_gone"
    message = _("Cette commande n’est plus à payer.")


class AmountMismatch(Refusal):
    """The processor holds another amount or currency than the order: nothing is settled, someone must look."""

    code = "amount_mismatch"
    message = _(
        "Le montant reçu n’est pas celui de la commande. Nous vérifions ce paiement et nous vous écrirons\u202f: "
        "ne payez pas une seconde fois."
    )


class ReceiptCorrected(Refusal):
    code = "receipt_corrected"
    message = _("Ce reçu est déjà remplacé par un autre. Corrigez le plus récent.")


class NothingCorrected(Refusal):
    code = "nothing_corrected"
    message = _("Rien n’est changé\u202f: le reçu dirait la même chose.")


class MoreThanPaid(Refusal):
    """Of what was paid, less what went back already and what the payer's bank contests."""

    code = "more_than_paid"
    message = _("C’est plus que ce qui peut encore être rendu de ce paiement.")


class RefundMoved(Refusal):
    """Somebody else was faster, or the processor has just answered."""

    code = "refund_moved"
    message = _("Ce remboursement a changé entre-temps : {now}. Rien n’a été fait.")


class NoCardPaid(Refusal):
    code = "no_card_paid"
    message = _("Ce montant n’a pas été payé en ligne : choisissez un autre moyen.")


class ProofMissing(Refusal):
    code = "proof_missing"
    message = _("Donnez le numéro du chèque ou la référence du virement.")


class CreditShort(Refusal):
    code = "credit_short"
    message = _("La famille n’a que {most} de crédit disponible ici.")
