"""The names of the cards that an organisation takes (S3-22)."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, str | Promise] = {
    "visa": "Visa",
    "visa_debit": _("Visa Débit"),
    "visa_prepaid": _("Visa prépayée"),
    "mastercard": "Mastercard",
    "mastercard_prepaid": _("Mastercard prépayée"),
    "amex": "American Express",
    "bancontact": "Bancontact",
}


def names(brands: Iterable[str]) -> str:
    return ", ".join(str(NAMES.get(brand, brand)) for brand in brands)
