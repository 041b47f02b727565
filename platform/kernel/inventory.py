"""What each field of a table holds about people, why, and for how long: declared beside the models, complete by test.

Every app has an `inventory.py` with a `FIELDS` mapping, « Model.field » to a `Held`. Notices to families, exports,
erasure and retention read it (docs/privacy.md).
"""

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """How much harm the field does in the wrong hands. HEALTH and NATIONAL_NUMBER are encrypted (shared_apps.vault)."""

    TECHNICAL = "technical"  # says nothing of a person: identifiers, moments, states
    PUBLIC = "public"
    PERSONAL = "personal"
    HEALTH = "health"
    NATIONAL_NUMBER = "national_number"
    PAYMENT = "payment"
    SECRET = "secret"  # opens a door: password hashes, tokens


class Retention(StrEnum):
    """Until when; the number of days of each is a rule of the organisation."""

    ORGANISATION = "organisation"  # as long as the organisation is a customer
    ACCOUNT = "account"  # until the person erases their account, or long after they last came
    PARTICIPATION = "participation"  # some time after the last activity of the participant
    HEALTH = "health"  # shortly after the activity, or after the record has run out
    ACCOUNTING = "accounting"  # as the law on books requires
    TRAIL = "trail"  # as long as it may have to be shown who did what
    SHORT = "short"  # days: sessions, messages sent, files never claimed


@dataclass(frozen=True, slots=True)
class Held:
    data: DataClass
    purpose: str
    retention: Retention
