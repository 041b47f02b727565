"""The invoice of an order, as a PDF: clear and detailed, what nobody has to pay apart (R-55)."""

from collections.abc import Container, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override
from stdnum import iban

from shared_apps.documents import rendering
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, OrderLine, Status
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import communication, credit
from tenant_apps.payments.models import InstalmentStatus, Payment, Refund, RefundStatus
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.papers import Paper, ended, paid_by


def pdf(order: Order, *, hidden: Container[UUID] = ()) -> bytes:
    """As the account stands now, in the language of the order; of `hidden` participants only the amounts are said."""
    paper = Paper(order, organisation.profile(), hidden)
    with override(order.language):
        return rendering.pdf("invoice", _words(order, paper))


def file_name(order: Order) -> str:
    return f"facture-{order.number:06}.pdf"


def _words(order: Order, paper: Paper) -> dict[str, object]:
    lines = list(order.lines.all())
    chosen = [line for line in lines if line.registration.option.is_voluntary]
    asked = [line for line in lines if line not in chosen]
    reserved = credit.reserved_for(order.pk)
    left = _left(order, reserved)
    return {
        **paper.frame(_("Facture nº %(number)s") % {"number": f"{order.number:06}"}, order.placed_at),
        "issued_label": _("Date"),
        "facts": [[_("Commande"), order.reference], [_("Facturé à"), str(order.guardian)]],
        "lines_title": _("Ce qui est facturé"),
        "rows": paper.rows(asked),
        "totals": [*paper.taxes(asked), [_("Total facturé"), paper.amount(_sum(asked))]],
        "chosen_title": _("Contributions volontaires"),
        "chosen_note": _("Vous les avez choisies\u202f: elles ne sont pas exigées et ne font pas partie du total."),
        "chosen": paper.rows(chosen),
        "account_title": _("État du compte"),
        "account": [
            [_("Total facturé"), paper.amount(_sum(asked))],
            *([[_("Contributions volontaires"), paper.amount(_sum(chosen))]] if chosen else []),
            *_movements(order, paper),
            *([[_("Crédit familial utilisé"), paper.amount(-reserved)]] if reserved else []),
            [_("Reste à payer") if left >= 0 else _("À vous rendre"), paper.amount(abs(left))],
        ],
        "due_title": _("Échéances"),
        "due_columns": [_("Échéance"), _("Mode"), _("Montant")],
        "due": _due(order, paper) if left > 0 else [],
        "transfer_title": _("Payer par virement"),
        "transfer": _transfer(order, paper, left),
    }


def _left(order: Order, reserved: int) -> int:
    """What an order that waits will owe is not in the ledger yet, nor the credit that is set aside for it."""
    return order.total_cents - reserved if order.status == Status.OPEN else ledger.balance_of_order(order.pk)


def _movements(order: Order, paper: Paper) -> list[list[str]]:
    """What was sold less or more since, each payment, and what went back."""
    came = [each for each in order.payments.all() if each.status == PaymentStatus.SUCCEEDED]
    went = [each for payment in came for each in payment.refunds.all() if each.status != RefundStatus.FAILED]
    rows = [(ended(each), _paid(each, paper)) for each in came]
    rows += [(each.requested_at, _given_back(each, paper)) for each in went]
    told = [row for _moment, row in sorted(rows, key=lambda each: each[0])]
    if (changed := ledger.sold_of_order(order.pk) - order.total_cents) and order.status == Status.SETTLED:
        told.insert(0, [_("Changements à la commande"), paper.amount(changed)])
    return told


def _paid(payment: Payment, paper: Paper) -> list[str]:
    said = {"day": paper.paid_on(payment), "means": paid_by(payment)}
    return [_("Payé le %(day)s (%(means)s)") % said, paper.amount(-payment.amount_cents)]


def _given_back(refund: Refund, paper: Paper) -> list[str]:
    words = _("Remboursé le %(day)s")
    if refund.is_in_books_alone:
        words = _("Repris le %(day)s, car ce virement était pour une autre commande")
    return [words % {"day": paper.moment(refund.requested_at)}, paper.amount(refund.amount_cents)]


def _due(order: Order, paper: Paper) -> list[list[str]]:
    return [
        [
            paper.day(each.due_on),
            _("Prélèvement automatique") if each.is_automatic else _("À payer par vous"),
            paper.amount(each.left_cents),
        ]
        for each in order.instalments.all()
        if InstalmentStatus(each.status) in OPEN and each.left_cents
    ]


def _transfer(order: Order, paper: Paper, left: int) -> list[list[str]]:
    payee = order.payee
    if left <= 0 or not (order.communication and payee.iban):
        return []
    facts = [
        [_("Bénéficiaire"), payee.legal_name],
        [_("IBAN"), iban.format(payee.iban)],
        [_("BIC"), payee.bic],
        [_("Communication structurée"), communication.formatted(order.communication)],
        [_("Montant"), paper.amount(left)],
    ]
    return [fact for fact in facts if fact[1]]


def _sum(lines: Sequence[OrderLine]) -> int:
    return sum(line.amount_cents for line in lines)
