"""What the pages of transfers say: what a file would do, and why a line waits."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.audit.actors import SYSTEM
from tenant_apps.accounting.bank import assigning, home, matching, proposals
from tenant_apps.accounting.bank.entering import Foreseen
from tenant_apps.accounting.bank.movements import Movement
from tenant_apps.accounting.bank.proposals import Known
from tenant_apps.accounting.models import StatementLine
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments import communication

MOST_SHOWN = 100
_KNOWN = {
    "deposit": gettext_lazy("Dépôt nº {reference} à la banque"),
    "payout": gettext_lazy("Versement du processeur de paiement"),
    "bank": gettext_lazy("Virement de {reference}, déjà importé d’un autre fichier"),
    "refund": gettext_lazy("Remboursement revenu, commande {reference}"),
    "payment": gettext_lazy("Paiement de la commande {reference}, enregistré par le personnel"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    movement: Movement
    words: str
    tag: str


def foretold(foreseen: Foreseen) -> list[Shown]:
    """The new ones first, each with the order that it names; then what is taken for known. Two queries."""
    named = {each.reference: communication.found_in(each.communication) for _payee, each in foreseen.new}
    digits = {one for found in named.values() for one in found}
    orders = {order.communication: order for order in Order.objects.filter(communication__in=digits)}
    settled = [order.id for order in orders.values() if order.status == Status.SETTLED]
    paid = {order_id for order_id, cents in ledger.balances_of_orders(settled).items() if cents <= 0}
    shown = []
    for _payee, each in foreseen.new:
        if each.reference in foreseen.doubtful:
            shown.append(Shown(each, _("Déjà dans les livres\u202f?"), "warn"))
            continue
        found = [orders[one] for one in named[each.reference] if one in orders]
        shown.append(Shown(each, *_of_new(each, found, paid)))
    shown += [Shown(each, _("Déjà importé"), "") for each in foreseen.known]
    shown += [Shown(each, _why_ignored(each), "") for each in foreseen.ignored]
    return shown


def _why_ignored(movement: Movement) -> str:
    if movement.is_too_large:
        return _("Trop grand pour être une inscription, ignoré")
    return _("Sortie d’argent, ignorée")


def known_words(known: Known) -> str:
    return str(_KNOWN[known.kind]).format(reference=known.reference)


def why(line: StatementLine) -> str | Promise:
    """Why nothing was done of itself."""
    if line.kind != "in":
        return _("Cette somme est sortie du compte. Dites quel remboursement elle a fait.")
    digits = communication.found_in(line.communication)
    order = matching.named(line)
    if order is None and proposals.is_doubtful(line):
        return _doubt()
    if order is None and not digits:
        return _("Aucune communication structurée n’est reconnue. Choisissez la commande que ce virement paie.")
    if order is None:
        said = {"communication": communication.formatted(digits[0])}
        return _("La communication %(communication)s n’est celle d’aucune commande de ce compte.") % said
    said = {"reference": order.reference}
    if home.was_taken_back(line):
        return _(
            "Ce virement a été repris à une commande\u202f: il ne s’attribue plus tout seul, c’est à vous de dire."
        )
    if proposals.is_doubtful(line, order):
        return _doubt()
    if not assigning.owed(order):
        return (
            _("La commande %(reference)s ne doit plus rien\u202f: c’est peut-être un second paiement de la même somme.")
            % said
        )
    if order.status != Status.SETTLED:
        return _("La commande %(reference)s attend davantage pour que ses places soient acquises.") % said
    return _("La commande %(reference)s attend encore ce virement\u202f: attribuez-le, ou attendez dix minutes.") % said


def _doubt() -> str:
    return _(
        "Déjà dans les livres\u202f? Un virement pareil y est, venu d’un autre fichier ou noté par le personnel. "
        "Dites si c’est le même."
    )


def _of_new(movement: Movement, found: list[Order], paid: Collection[UUID]) -> tuple[str, str]:
    if movement.cents < 0:
        return _("Remboursement possible"), "info"
    if len(found) != 1:
        return _("À attribuer"), "warn"
    said = {"reference": found[0].reference}
    if found[0].id in paid:
        return _("À attribuer\u202f: la commande %(reference)s ne doit plus rien") % said, "warn"
    if assigning.is_too_little(found[0], movement.cents, SYSTEM):
        return _("À attribuer\u202f: la commande %(reference)s attend davantage") % said, "warn"
    return _("Commande %(reference)s") % said, "ok"
