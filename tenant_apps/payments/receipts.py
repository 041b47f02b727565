"""The receipt of a payment, as a PDF drawn from what was entered."""

from collections import Counter
from collections.abc import Callable, Container
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel.words import in_language
from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import TAX, Quote, Step
from tenant_apps.catalog.pricing.wording import percent
from tenant_apps.catalog.pricing.words import label
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
    lines = list(order.lines.all())
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
        "rows": [_row(line, amount, hidden) for line in lines],
        "totals": [
            *_taxes(lines, amount),
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
    quote = quotes.read(line.quote)
    # The taxes that are added come below, for all the lines together.
    price = quote.price_cents if quote.steps else line.amount_cents
    words = [line.label, line.participant_name, *_steps(quote, amount)]
    return [
        _("Inscription") if is_hidden else "\n".join(words),
        amount(line.unit_cents),
        str(line.quantity),
        amount(price),
    ]


def _steps(quote: Quote, amount: Callable[[int], str]) -> list[str]:
    """What made the price another one than the option's."""
    changes = [step for step in quote.steps[1:] if step.kind != TAX]
    return [_("%(step)s\u202f: %(amount)s") % {"step": label(step), "amount": amount(step.cents)} for step in changes]


def _taxes(lines: list[OrderLine], amount: Callable[[int], str]) -> list[list[str]]:
    """Each tax with its rate and its number; before those that are added, what they are added to."""
    priced = [quotes.read(line.quote) for line in lines]
    steps = [step for quote in priced for step in quote.steps if step.kind == TAX]
    cents: Counter[str] = Counter()
    for step in steps:
        cents[_tax_name(step)] += step.values.get("included_cents", step.cents)
    rows = [[name, amount(each)] for name, each in cents.items()]
    if not any(step.cents for step in steps):
        return rows
    bare = sum(line.amount_cents for line in lines) - sum(step.cents for step in steps)
    return [[_("Sous-total"), amount(bare)], *rows]


def _tax_name(step: Step) -> str:
    said = {"tax": in_language(step.values["label"]), "percent": percent(step.values["rate"])}
    is_included, number = "included_cents" in step.values, step.values.get("number", "")
    if is_included and number:
        return _("Dont %(tax)s, %(percent)s (nº %(number)s)") % {**said, "number": number}
    if is_included:
        return _("Dont %(tax)s, %(percent)s") % said
    if number:
        return _("%(tax)s, %(percent)s (nº %(number)s)") % {**said, "number": number}
    return _("%(tax)s, %(percent)s") % said


def _refund_note(refunds: list[Refund]) -> str:
    if not refunds:
        return ""
    return _("Une partie de ce montant vous est remboursée sur le moyen de paiement utilisé.")
