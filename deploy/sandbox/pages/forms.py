"""Reads the payment form: what was typed, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from deploy.sandbox import cards
from deploy.sandbox.errors import Json
from deploy.sandbox.pages.wording import Wording

FIELDS = (
    *("method", "email", "number", "expiry", "cvc", "holder"),
    *("institution", "transit", "account", "iban"),
    *("country", "line1", "postal_code", "city", "state"),
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_EXPIRY = re.compile(r"(\d{1,2})\s*[/\-. ]?\s*(\d{2}|\d{4})")
# A brand as a page's terms name it, where that is not as a card does.
_NETWORKS = {"amex": "american_express"}
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


@dataclass
class Form:
    """What the payer typed, with a message for each field that is wrong."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    expiry: tuple[int, int] = (0, 0)  # month and year, once checked

    @property
    def number(self) -> str:
        """The card number's digits."""
        return _digits(self.values["number"])

    def address(self) -> Json:
        """The billing address, as the API writes it."""
        names = ("city", "country", "line1", "postal_code", "state")
        return {name: self.values[name] or None for name in names} | {"line2": None}

    def to_show_again(self) -> dict[str, str]:
        """What is put back into the fields: all but the CVC."""
        return self.values | {"cvc": ""}


def read(given: Mapping[str, str], *, session: Json, words: Wording, today: date) -> Form:
    """Read and check the form."""
    form = Form({name: given.get(name, "").strip() for name in FIELDS})
    kinds = session["payment_method_types"]
    if form.values["method"] not in kinds:
        form.values["method"] = kinds[0]
    _check_email(form, words)
    if form.values["method"] == "card":
        _check_card(form, words, today)
        _check_brand(form, session, words)
    else:
        _check_account(form, words)
    if not form.values["holder"]:
        form.errors["holder"] = words("empty_holder")
    if session["billing_address_collection"] == "required":
        _check_address(form, words)
    return form


def _check_email(form: Form, words: Wording) -> None:
    if not form.values["email"]:
        form.errors["email"] = words("empty_email")
    elif not _EMAIL.fullmatch(form.values["email"]):
        form.errors["email"] = words("bad_email")


def _check_card(form: Form, words: Wording, today: date) -> None:
    if not cards.is_number(form.number):
        form.errors["number"] = words("bad_number")
    match = _EXPIRY.fullmatch(form.values["expiry"])
    if match is None or not 1 <= int(match[1]) <= 12:
        form.errors["expiry"] = words("bad_expiry")
    else:
        form.expiry = int(match[1]), 2000 + int(match[2][-2:])
    if "expiry" not in form.errors and cards.is_past(*form.expiry, today):
        form.errors["expiry"] = words("past_expiry")
    digits = cards.cvc_length(form.number)
    if not re.fullmatch(rf"[0-9]{{{digits}}}", form.values["cvc"]):
        form.errors["cvc"] = words("bad_cvc", digits=digits)


def _check_brand(form: Form, session: Json, words: Wording) -> None:
    card = session["payment_method_options"].get("card") or {}
    refused = (card.get("restrictions") or {}).get("brands_blocked") or ()
    brand = cards.by_number(form.number).brand
    if _NETWORKS.get(brand, brand) in refused and "number" not in form.errors:
        form.errors["number"] = words("blocked_brand")


def _check_account(form: Form, words: Wording) -> None:
    patterns = {
        "acss_debit": {"institution": r"\d{3}", "transit": r"\d{5}", "account": r"\d{7,12}"},
        "sepa_debit": {"iban": _IBAN.pattern},
    }.get(form.values["method"], {})
    for name, pattern in patterns.items():
        if not re.fullmatch(pattern, form.values[name].replace(" ", "").upper(), re.ASCII):
            form.errors[name] = words(f"bad_{name}")


def _check_address(form: Form, words: Wording) -> None:
    for name in ("country", "line1", "postal_code", "city"):
        if not form.values[name]:
            form.errors[name] = words(f"empty_{name}")
    if form.values["country"] == "CA" and not form.values["state"]:
        form.errors["state"] = words("empty_state")


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text)
