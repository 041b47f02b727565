"""Whom the platform invoices: the organisation's own facts, checked where a country lets them be."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.be import vat as belgian
from stdnum.ca import bn as canadian
from stdnum.exceptions import ValidationError as NotANumber

from billing.gateway.customers import Facts
from billing.models import Subscription
from kernel.errors import Refusal
from tenants.models import Organisation

NEEDED = ("name", "email")
NEEDED_OF_ADDRESS = ("line1", "city", "postal_code", "country")


class TaxNumberWrong(Refusal):
    code = "tax_number_wrong"
    message = _("Ce numéro n’existe pas. Vérifiez-le, ou laissez le champ vide.")


def are_complete(billing: dict[str, Any]) -> bool:
    """Is there enough to send an invoice, and to know its taxes?"""
    address = billing.get("address") or {}
    in_canada = address.get("country") == "CA"
    return (
        all(billing.get(name) for name in NEEDED)
        and all(address.get(name) for name in NEEDED_OF_ADDRESS)
        and bool(address.get("state") or not in_canada)
    )


def tax_number(written: str, country: str) -> str:
    """As it is kept. Raises TaxNumberWrong; the numbers of a country that is not known are kept as written."""
    written = written.strip()
    if not written:
        return ""
    try:
        match country:
            case "BE":
                return "BE" + str(belgian.validate(written))
            case "CA":
                return str(canadian.validate(written))
    except NotANumber as wrong:
        raise TaxNumberWrong from wrong
    return written.upper()


def facts_of(organisation: Organisation, subscription: Subscription) -> Facts:
    """As the processor takes them."""
    billing = subscription.billing
    order = billing.get("purchase_order", "")
    return Facts(
        organisation=organisation.schema_name,
        name=billing.get("name") or organisation.name,
        email=billing.get("email", ""),
        address=billing.get("address") or {},
        language=organisation.language,
        printed={_PURCHASE_ORDER.get(organisation.language[:2], _PURCHASE_ORDER["en"]): order} if order else {},
        tax_number=_kind_of_number(billing.get("tax_number", "")),
    )


# On the processor's invoice, in the organisation's language, whoever asks for it.
_PURCHASE_ORDER = {"fr": "Bon de commande", "en": "Purchase order", "nl": "Bestelbon"}


def _kind_of_number(number: str) -> tuple[str, str] | None:
    if not number:
        return None
    if number.isdigit() and len(number) == len("123456789"):
        return "ca_bn", number
    if number[:9].isdigit() and number[9:11] == "RT":
        return "ca_gst_hst", number
    return "eu_vat", number
