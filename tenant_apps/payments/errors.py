"""Why a payment cannot go on, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class PaymentUnavailable(Refusal):
    code = "payment_unavailable"
    message = _(
        "Le service de paiement ne répond pas pour l’instant. Vos places restent gardées\u202f: "
        "réessayez dans quelques minutes."
    )


class PayeeNotReady(Refusal):
    code = "payee_not_ready"
    message = _(
        "Le paiement en ligne n’est pas encore ouvert pour {payee}. Écrivez-nous\u202f: vos places sont gardées."
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
