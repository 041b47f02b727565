"""The practices of an organisation, read from the data of its profile with a value for each that is not said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from tenant_apps.organisation import keeping, national_number, paying, prices
from tenant_apps.organisation.keeping import Keeping
from tenant_apps.organisation.national_number import NationalNumberRule
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.prices import Prices


@dataclass(frozen=True, slots=True)
class Rules:
    accepts_guests: bool = False
    checkout: str = "basket"
    hold_minutes: int = 60
    # A school has its own pupils and keeps its offerings to them; a venue is only where something takes place.
    establishments_are_schools: bool = True
    card_brands: tuple[str, ...] = ("visa", "mastercard")
    marks_required: bool = False
    asks_billing_address: bool = False
    # S4-47: whether families may have a password of ours beside the identity providers (accounts.providers.rules).
    passwords: str = "shown"
    # S2-02: whether the code that every account has opens it like its address.
    sign_in_with_code: bool = False
    # Whether the national register number may be asked, why, and until when.
    national_number: NationalNumberRule = field(default_factory=NationalNumberRule)
    # S3-32: how many days before its deadline a consent is asked again of who is silent; 0 for never.
    reminder_days: int = 3
    # S2-05: whether the account's holder is offered to take part too.
    adults_take_part: bool = False
    # S4-24: whether a child is registered only once its records are filled in, and while something is open.
    records_first: bool = False
    # S3-17: where the guide for parents is, and the page of questions and answers; empty for none.
    guide_url: str = ""
    questions_url: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    # What offerings do that do not say it: registrations.waiting_terms, registrations.holding, changes.policy.
    waiting: Mapping[str, Any] = field(default_factory=dict)
    holding: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    keeping: Keeping = field(default_factory=Keeping)
    prices: Prices = field(default_factory=Prices)
    paying: Paying = field(default_factory=Paying)
    # GL codes by ledger account and the layout of the export (accounting.layouts).
    accounting: Mapping[str, Any] = field(default_factory=dict)

    def label(self, key: str, default: str = "") -> str:
        """The organisation's own word for a button or a thing, in the reader's language (S2-11)."""
        words = self.labels.get(key, default)
        if isinstance(words, str):
            return words
        language = (get_language() or "fr").split("-")[0]
        return str(words.get(language) or words.get("fr") or default)


def read(data: Mapping[str, Any]) -> Rules:
    """Raises ValueError or TypeError for data that no preset would hold."""
    defaults = Rules()
    return Rules(
        accepts_guests=bool(data.get("accepts_guests", defaults.accepts_guests)),
        checkout=str(data.get("checkout", defaults.checkout)),
        hold_minutes=int(data.get("hold_minutes", defaults.hold_minutes)),
        establishments_are_schools=bool(data.get("establishments_are_schools", defaults.establishments_are_schools)),
        card_brands=tuple(data.get("card_brands", defaults.card_brands)),
        asks_billing_address=bool(data.get("asks_billing_address", defaults.asks_billing_address)),
        marks_required=bool(data.get("marks_required", defaults.marks_required)),
        sign_in_with_code=bool(data.get("sign_in_with_code", defaults.sign_in_with_code)),
        passwords=str(data.get("passwords", defaults.passwords)),
        national_number=national_number.read(data.get("national_number")),
        reminder_days=int(data.get("reminder_days", defaults.reminder_days)),
        records_first=bool(data.get("records_first", defaults.records_first)),
        adults_take_part=bool(data.get("adults_take_part", defaults.adults_take_part)),
        guide_url=str(data.get("guide_url", "")),
        questions_url=str(data.get("questions_url", "")),
        labels=data.get("labels", {}),
        waiting=data.get("waiting", {}),
        holding=data.get("holding", {}),
        changes=data.get("changes", {}),
        keeping=keeping.read(data.get("retention", {})),
        prices=prices.read(data.get("prices", {})),
        paying=paying.read(data.get("paying", {})),
        accounting=data.get("accounting", {}),
    )
