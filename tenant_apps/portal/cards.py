"""The names of the cards that an organisation takes (S3-22)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def names(brands: Iterable[str]) -> str:
    known = {
        "visa": "Visa",
        "visa_debit": _("Visa Débit"),
        "visa_prepaid": _("Visa prépayée"),
        "mastercard": "Mastercard",
        "mastercard_prepaid": _("Mastercard prépayée"),
        "amex": "American Express",
        "bancontact": "Bancontact",
    }
    return ", ".join(known.get(brand, brand) for brand in brands)
