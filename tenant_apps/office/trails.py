"""What was done about an order, from the audit trail, in words."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words, told
from tenant_apps.office.health import READ
from tenant_apps.orders.models import Order

WORDS: Words = {
    "orders.placed": _("Commande passée"),
    "orders.agreed": _("Termes de paiement acceptés"),
    "orders.left": _("Paiement abandonné"),
    "orders.settled": _("Commande confirmée"),
    "payments.received_by_staff": _("Paiement reçu par le personnel"),
    "payments.received_by_bank": _("Virement reçu"),
    "payments.taken_back": _("Virement repris, il était pour une autre commande"),
    "orders.reminded": _("Rappel envoyé à la famille"),
    "instalments.moved": _("Échéance changée"),
    "payments.cancelled": _("Paiement abandonné"),
    "payments.failed": _("Paiement refusé"),
    "payments.charging": _("Prélèvement sur la carte gardée"),
    "payments.card_changed": _("Carte gardée remplacée"),
    "payments.refund_owed": _("Remboursement décidé"),
    "payments.refund_otherwise": _("Autre moyen choisi pour rembourser"),
    "payments.refund_made": _("Remboursement remis à la famille"),
    "payments.refund_returned": _("Remboursement revenu"),
    "payments.forgiven": _("Somme abandonnée"),
    "payments.disputed": _("Paiement contesté par la banque"),
    "payments.receipt_corrected": _("Reçu corrigé"),
    "payments.receipt_cancelled": _("Reçu annulé"),
    "basket.sent": _("Lien pour payer envoyé à la famille"),
    "help.asked": _("Code d’aide demandé"),
    "help.begun": _("Aide par téléphone commencée"),
    "help.ended": _("Aide par téléphone terminée"),
    "registrations.held": _("Places gardées"),
    "registrations.released": _("Places libérées"),
    "registrations.promotion": _("Code promotionnel changé"),
}


def events_of(order: Order) -> list[dict[str, object]]:
    """Oldest first: of the order, of its payments, and of its registrations while they were in the basket."""
    payments = [payment.pk for payment in order.payments.all()]
    about = (
        Q(subject="order", subject_id=order.pk)
        | Q(subject="payment", subject_id__in=payments)
        | Q(subject="basket", subject_id=order.basket_id)
    )
    # What was done, not who looked: reading the page would lengthen it each time.
    entries = Entry.objects.filter(about).exclude(action=READ).order_by("at", "id")
    own = {str(order.pk), *(str(line.registration_id) for line in order.lines.all())}
    return told((entry for entry in entries if entry.subject != "basket" or _is_about(entry, own)), WORDS)


def _is_about(entry: Entry, own: set[str]) -> bool:
    """A basket serves several orders, one after the other or one for each payee."""
    named = {*entry.details.get("orders", []), *entry.details.get("registrations", [])}
    return bool(named & own)
