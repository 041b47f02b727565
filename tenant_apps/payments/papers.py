"""What receipts and invoices share: who is paid, the lines, the taxes, and every amount and day in words."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.words import in_language
from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import TAX, Quote, Step
from tenant_apps.catalog.pricing.wording import percent
from tenant_apps.catalog.pricing.words import label
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.payments.models import Means, Payment


class Paper:
    """One document about an order, in the order's language; of `hidden` participants only the amounts are said."""

    def __init__(self, order: Order, profile: Profile, hidden: Container[UUID] = ()) -> None:
        self.order, self.profile, self.hidden = order, profile, hidden
        self.locale = formats.locale_for(order.language, profile.territory)

    def frame(self, title: str, issued: datetime) -> dict[str, object]:
        """What stands around the words of each document."""
        payee = self.order.payee
        return {
            "title": title,
            "lang": self.locale.language,
            "region": self.profile.territory,
            "paper": rendering.paper(self.profile.territory),
            "brand": self.profile.brand_colour,
            "payee": {"name": payee.legal_name, "lines": _payee_lines(payee)},
            "issued": self.moment(issued),
            "columns": [_("Libellé"), _("Prix unitaire"), _("Quantité"), _("Montant")],
            "footer": f"{self.profile.name} · {self.profile.contact_email}",
            "page": _("Page"),
        }

    def amount(self, cents: int) -> str:
        return formats.money(cents, self.order.currency.upper(), self.locale)

    def day(self, day: date) -> str:
        return formats.date_words(day, self.locale, length="long")

    def moment(self, moment: datetime) -> str:
        """The day of it, where the organisation is."""
        return self.day(moment.astimezone(self.profile.zone).date())

    def paid_on(self, payment: Payment) -> str:
        return self.day(payment.received_on) if payment.received_on else self.moment(ended(payment))

    def rows(self, lines: Iterable[OrderLine]) -> list[list[str]]:
        return [self._row(line) for line in lines]

    def taxes(self, lines: Sequence[OrderLine]) -> list[list[str]]:
        """Each tax with its rate and its number; before those that are added, what they are added to."""
        priced = [quotes.read(line.quote) for line in lines]
        steps = [step for quote in priced for step in quote.steps if step.kind == TAX]
        cents: Counter[str] = Counter()
        for step in steps:
            cents[_tax_name(step)] += step.values.get("included_cents", step.cents)
        rows = [[name, self.amount(each)] for name, each in cents.items()]
        if not any(step.cents for step in steps):
            return rows
        bare = sum(line.amount_cents for line in lines) - sum(step.cents for step in steps)
        return [[_("Sous-total"), self.amount(bare)], *rows]

    def _row(self, line: OrderLine) -> list[str]:
        is_hidden = bool(self.hidden) and line.registration.participant_id in self.hidden
        quote = quotes.read(line.quote)
        # The taxes that are added come below, for all the lines together.
        price = quote.price_cents if quote.steps else line.amount_cents
        words = [line.label, line.participant_name, *self._steps(quote)]
        return [
            _("Inscription") if is_hidden else "\n".join(words),
            self.amount(line.unit_cents),
            str(line.quantity),
            self.amount(price),
        ]

    def _steps(self, quote: Quote) -> list[str]:
        """What made the price another one than the option's."""
        changes = [step for step in quote.steps[1:] if step.kind != TAX]
        return [
            _("%(step)s\u202f: %(amount)s") % {"step": label(step), "amount": self.amount(step.cents)}
            for step in changes
        ]


def ended(payment: Payment) -> datetime:
    """When it came."""
    return payment.ended_at or payment.started_at


def paid_by(payment: Payment) -> str:
    """« Visa •••• 4242 », « Chèque nº 118 », « Espèces »."""
    if payment.means == Means.ONLINE:
        return payment.method or str(Means.ONLINE.label)
    if payment.means == Means.CHEQUE and payment.reference:
        return _("Chèque nº %(number)s") % {"number": payment.reference}
    return str(Means(payment.means).label)


def _payee_lines(payee: Payee) -> list[str]:
    return [line for line in (*payee.address.splitlines(), payee.registration_numbers) if line]


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
