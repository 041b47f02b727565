"""« Choisir un enfant : » who of the family may be registered here, and why not the others (S1-32, S4-25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tenant_apps.catalog import links, requirements
from tenant_apps.catalog.cards import OfferingCard
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason, why_not
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.standing import Standing, standings_of

# `?enfant=autre`: somebody whom the family's list does not hold yet.
SOMEBODY_ELSE = "autre"
_FOR_OTHERS = {Code.WRONG_LEVEL, Code.WRONG_ESTABLISHMENT}
# These are answered by the form itself, or by completing the record.
MISSING = {Code.LEVEL_UNKNOWN: "level", Code.ESTABLISHMENT_UNKNOWN: "establishment"}


@dataclass(frozen=True)
class Person:
    participant: Participant
    reasons: Sequence[Reason]
    standing: Standing | None = None

    @property
    def is_locked(self) -> bool:
        return any(reason.code not in MISSING for reason in self.reasons)

    @property
    def address(self) -> str:
        """The query that chooses this person."""
        return f"?enfant={self.participant.id}"

    @property
    def initials(self) -> str:
        return (self.participant.first_name[:1] + self.participant.last_name[:1]).upper()


@dataclass(frozen=True)
class Choice:
    """Whom the form is for; `participant` is None for somebody typed in by hand."""

    participant: Participant | None
    reasons: Sequence[Reason] = ()
    standing: Standing | None = None


def for_child(cards: Sequence[OfferingCard], child: Participant, *, at: datetime, zone: ZoneInfo) -> list[OfferingCard]:
    """The cards of what this child may take, now or later (S2-07)."""
    return [card for card in cards if not _is_not_for(card.offering, child, at=at, zone=zone)]


def _is_not_for(offering: Offering, child: Participant, *, at: datetime, zone: ZoneInfo) -> bool:
    return any(reason.code in _FOR_OTHERS for reason in why_not(offering, participant=child, at=at, zone=zone))


def people(offering: Offering, guardian: Guardian | None, *, at: datetime, zone: ZoneInfo) -> list[Person]:
    known = members(guardian)
    facts = requirements.facts([offering], [each.participant for each in known], at=at, zone=zone)
    return [_judged(each, offering, facts, at=at, zone=zone) for each in known]


def members(guardian: Guardian | None) -> list[Person]:
    """Everybody in the guardian's list, with what their link alone stands against."""
    if guardian is None:
        return []
    standings = standings_of(guardian.id)
    return [
        Person(each, links.of_link(standings.get(each.id)), standings.get(each.id))
        for each in families.participants_of(guardian.id)
    ]


def _judged(person: Person, offering: Offering, facts: requirements.Facts, *, at: datetime, zone: ZoneInfo) -> Person:
    reasons = [
        *person.reasons,
        *why_not(offering, participant=person.participant, at=at, zone=zone),
        *requirements.unmet(offering, person.participant, facts),
    ]
    return Person(person.participant, reasons, person.standing)


def chosen(said: str, known: Sequence[Person]) -> Choice | None:
    """None while the family has several children and none was chosen. Another family's child is no choice."""
    if not known or said == SOMEBODY_ELSE:
        return Choice(None)
    named = [person for person in known if str(person.participant.id) == said]
    if not named and len(known) == 1 and not said:
        named = list(known)
    return Choice(named[0].participant, named[0].reasons, named[0].standing) if named else None
