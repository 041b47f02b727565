"""The rule « national number »: off by itself, on with the reason why it is asked, and off again after its last day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Profile


class NoReason(Refusal):
    code = "no_reason"
    message = _("Écrivez à quoi il sert\u202f: sans cela, il ne peut pas être demandé.")


class EndHasPassed(Refusal):
    code = "end_has_passed"
    message = _("Ce jour est passé\u202f: choisissez aujourd’hui ou un jour à venir.")


@dataclass(frozen=True, slots=True)
class NationalNumberRule:
    """`reference` is that of the authorization; `until`, that day included, where it ends by itself."""

    asked: bool = False
    reference: str = ""
    reason: str = ""
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Both a yes and a written reason, and not past the last day: else it is a no (S4-14, R-44)."""
        return self.asked and bool(self.reason) and (self.until is None or day <= self.until)


def read(told: Any) -> NationalNumberRule:
    """Raises ValueError for a day that is none."""
    if not isinstance(told, Mapping):
        return NationalNumberRule()
    return NationalNumberRule(
        asked=told.get("asked") is True,
        reference=str(told.get("reference", "")).strip(),
        reason=str(told.get("reason", "")).strip(),
        until=date.fromisoformat(str(told["until"])) if told.get("until") else None,
    )


def holds(profile: Profile, *, at: datetime) -> bool:
    return read(profile.rules.get("national_number")).holds_on(clock.local_date(at, profile.zone))


@operation
def decide(*, rule: NationalNumberRule, actor: Actor, at: datetime) -> None:
    """Raises NoReason and EndHasPassed for a rule that is on and could not hold."""
    profile = lock_one(Profile.objects.all())
    if rule.asked and not rule.reason.strip():
        raise NoReason
    if rule.asked and not rule.holds_on(clock.local_date(at, profile.zone)):
        raise EndHasPassed
    until = rule.until.isoformat() if rule.until else ""
    profile.rules = {**profile.rules, "national_number": {**asdict(rule), "until": until}}
    profile.save(update_fields=["rules"])
    audit.record(
        action="organisation.national_number",
        subject="organisation",
        subject_id=None,
        actor=actor,
        at=at,
        details={"asked": rule.asked, "reference": rule.reference, "until": until},
    )
