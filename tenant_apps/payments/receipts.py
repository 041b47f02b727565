"""The receipt of a payment, as a PDF drawn from what was entered."""

from collections.abc import Callable, Container
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.orders.models import OrderLine
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.payments.models import Receipt, Refund, RefundStatus

_LETTER_COUNTRIES = {"CA", "US"}


def pdf(receipt: Receipt, *, hidden: Container[UUID] = ()) -> bytes:
    """In the language of the order. The same receipt always gives the same words.

    Of the participants who are `hidden` from who paid since, only what was paid is said.
    """
    order = receipt.payment.order
    profile = organisation.profile()
    locale = formats.locale_for(order.language, profile.territory)
    with override(order.language):
        return rendering.pdf("receipt", _words(receipt, profile, locale, hidden))


def file_name(receipt: Receipt) -> str:
    return f"recu-{receipt.number:06}.pdf"


def _words(receipt: Receipt, profile: Profile, locale: Locale, hidden: Container[UUID]) -> dict[str, object]:
    payment = receipt.payment
    order = payment.order
    refunds = [refund for refund in payment.refunds.all() if refund.status != RefundStatus.FAILED]

    def amount(cents: int) -> str:
        return formats.money(cents, order.currency.upper(), locale)

    return {
        "title": _("Reçu nº %(number)s") % {"number": f"{receipt.number:06}"},
        "lang": locale.language,
        "region": profile.territory,
        "paper": "us-letter" if profile.territory in _LETTER_COUNTRIES else "a4",
        "brand": profile.brand_colour,
        "payee": {"name": order.payee.legal_name, "lines": _payee_lines(order.payee)},
        "issued_label": _("Délivré le"),
        "issued": formats.date_words(receipt.issued_at.astimezone(profile.zone).date(), locale, length="long"),
        "facts": [
            [_("Commande"), order.reference],
            [_("Payé par"), str(order.guardian)],
            [_("Moyen de paiement"), payment.method],
        ],
        "lines_title": _("Ce qui a été payé"),
        "columns": [_("Libellé"), _("Prix unitaire"), _("Quantité"), _("Montant")],
        "rows": [_row(line, amount, hidden) for line in order.lines.all()],
        "totals": [
            [_("Total payé"), amount(payment.amount_cents)],
            *([_("Remboursement"), amount(-refund.amount_cents)] for refund in refunds),
        ],
        "note": _refund_note(refunds),
        "footer": f"{profile.name} · {profile.contact_email}",
        "page": _("Page"),
    }


def _payee_lines(payee: Payee) -> list[str]:
    return [line for line in (*payee.address.splitlines(), payee.registration_numbers) if line]


def _row(line: OrderLine, amount: Callable[[int], str], hidden: Container[UUID]) -> list[str]:
    is_hidden = bool(hidden) and line.registration.participant_id in hidden
    return [
        _("Inscription") if is_hidden else f"{line.label}\n{line.participant_name}",
        amount(line.unit_cents),
        str(line.quantity),
        amount(line.amount_cents),
    ]


def _refund_note(refunds: list[Refund]) -> str:
    if not refunds:
        return ""
    return _("Une partie de ce montant vous est remboursée sur le moyen de paiement utilisé.")
