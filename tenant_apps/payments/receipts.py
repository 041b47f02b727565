"""The receipt of a payment, as a PDF drawn from what was entered."""

from collections.abc import Container
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.documents import rendering
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import progress
from tenant_apps.payments.models import Means, Payment, Receipt, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.papers import Paper, paid_by
from tenant_apps.payments.progress import Progress


def pdf(receipt: Receipt, *, hidden: Container[UUID] = ()) -> bytes:
    """In the language of the order. The same receipt says the same, but for what was given back of it since.

    Of the participants who are `hidden` from who paid since, only what was paid is said.
    """
    order = receipt.payment.order
    paper = Paper(order, organisation.profile(), hidden)
    with override(order.language):
        return rendering.pdf("receipt", _words(receipt, paper))


def file_name(receipt: Receipt) -> str:
    return f"recu-{receipt.number:06}.pdf"


def number(receipt: Receipt) -> str:
    return f"{receipt.number:06}"


def _words(receipt: Receipt, paper: Paper) -> dict[str, object]:
    payment = receipt.payment
    order, how_far = payment.order, progress.after(payment)
    lines = list(order.lines.all())
    is_all = payment.amount_cents == sum(line.amount_cents for line in lines)
    refunds = [
        each for each in payment.refunds.all() if each.status != RefundStatus.FAILED and not each.is_in_books_alone
    ]
    is_cancelled = bool(receipt.words.get("is_cancelled"))
    title = _("Reçu nº %(number)s, annulation") if is_cancelled else _("Reçu nº %(number)s")
    return {
        **paper.frame(title % {"number": number(receipt)}, receipt.issued_at),
        "issued_label": _("Délivré le"),
        "notices": _notices(receipt),
        "facts": _facts(receipt, paper, how_far),
        "lines_title": _("Ce qui a été payé") if is_all and not is_cancelled else _("Ce qui a été commandé"),
        "rows": paper.rows(lines),
        "totals": [
            *paper.taxes(lines),
            *([] if is_all else _before(sum(line.amount_cents for line in lines), paper, how_far)),
            *_paid(payment, paper, is_cancelled),
            *([_("Remboursement"), paper.amount(-refund.amount_cents)] for refund in refunds),
            *([[_("Reste à payer"), paper.amount(how_far.left_cents)]] if how_far.left_cents else []),
        ],
        "coming_title": _("Ce qui reste à venir"),
        "coming_columns": [_("Versement"), _("Échéance"), _("Montant")],
        "coming": [[str(each.position), paper.day(each.on), paper.amount(each.cents)] for each in how_far.coming],
        "notes": [*_coming_note(payment, how_far), *_refund_notes(refunds), *_own_note(receipt)],
    }


def _notices(receipt: Receipt) -> list[str]:
    """What it corrects and why, and what corrects it (F7)."""
    told = []
    if receipt.corrects is not None:
        said = {"number": number(receipt.corrects), "reason": receipt.reason}
        if receipt.words.get("is_cancelled"):
            told.append(_("Annule le reçu nº %(number)s. Motif\u202f: %(reason)s") % said)
        else:
            told.append(_("Corrige le reçu nº %(number)s. Motif\u202f: %(reason)s") % said)
    if (by := getattr(receipt, "corrected_by", None)) is not None:
        told.append(_("Remplacé par le reçu nº %(number)s.") % {"number": number(by)})
    return told


def _facts(receipt: Receipt, paper: Paper, how_far: Progress) -> list[list[str]]:
    payment, order = receipt.payment, paper.order
    facts = [
        [_("Commande"), order.reference],
        [_("Payé par"), receipt.words.get("payer") or str(order.guardian)],
        [_("Adresse"), receipt.words.get("address", "")],
        [_("Payé le"), paper.paid_on(payment)],
        [_("Moyen de paiement"), paid_by(payment)],
        [_("Référence du paiement"), payment.reference if payment.means != Means.CHEQUE else ""],
    ]
    if how_far.share:
        part, parts = how_far.share
        facts.append([_("Versement"), _("%(part)s de %(parts)s") % {"part": part, "parts": parts}])
    return [fact for fact in facts if fact[1]]


def _before(total: int, paper: Paper, how_far: Progress) -> list[list[str]]:
    """From what was ordered to what this payment had to pay of it."""
    rows = [[_("Total de la commande"), paper.amount(total)]]
    if how_far.paid_before:
        rows.append([_("Déjà payé"), paper.amount(-how_far.paid_before)])
    if how_far.credit_cents:
        rows.append([_("Crédit familial utilisé"), paper.amount(-how_far.credit_cents)])
    return rows


def _paid(payment: Payment, paper: Paper, is_cancelled: bool) -> list[list[str]]:
    """Of cash that was rounded, both totals (R-51)."""
    name = _("Montant du reçu annulé") if is_cancelled else _("Total payé")
    rows = [[name, paper.amount(payment.amount_cents)]]
    if payment.rounding_cents:
        rows.append([_("Arrondi des espèces"), paper.amount(payment.rounding_cents)])
        rows.append([_("Reçu en espèces"), paper.amount(payment.amount_cents + payment.rounding_cents)])
    return rows


def _coming_note(payment: Payment, how_far: Progress) -> list[str]:
    """The consent that was given, in the words of the day (R-54)."""
    card = _card_of_its_day(payment, how_far)
    if not card or not any(each.is_automatic for each in how_far.coming):
        return []
    return [_("Prélevé automatiquement à l’échéance sur la carte %(card)s.") % {"card": card}]


def _card_of_its_day(payment: Payment, how_far: Progress) -> str:
    """The one that was kept then, where this payment says so: the order names the one of today.

    What is paid early on a page of its own is paid by anybody's card.
    """
    is_early = payment.session_id and how_far.paid_before
    return "" if is_early or payment.means != Means.ONLINE else payment.method


def _refund_notes(refunds: list[Refund]) -> list[str]:
    words = {
        RefundMeans.CARD: _("Une partie de ce montant vous est remboursée sur le moyen de paiement utilisé."),
        RefundMeans.CREDIT: _("Une partie de ce montant est portée à votre crédit familial."),
        RefundMeans.CHEQUE: _("Une partie de ce montant vous est remboursée par chèque."),
        RefundMeans.TRANSFER: _("Une partie de ce montant vous est remboursée par virement."),
        RefundMeans.CASH: _("Une partie de ce montant vous est remboursée en espèces."),
    }
    used = {refund.means for refund in refunds}
    return [each for means, each in words.items() if means in used]


def _own_note(receipt: Receipt) -> list[str]:
    return [note] if (note := receipt.words.get("note", "")) else []
