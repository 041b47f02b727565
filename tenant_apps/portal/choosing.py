"""« Choisir un enfant : » who of the family may be registered here, and why not the others (S1-32, S4-25)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tenant_apps.catalog import audiences, links
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.standing import Standing, standings_of

# `?enfant=autre`: somebody whom the family's list does not hold yet.
SOMEBODY_ELSE = "autre"
# These are answered by the form itself, or by completing the record.
MISSING = {
    Code.BIRTH_DATE_UNKNOWN: "birth_date",
    Code.LEVEL_UNKNOWN: "level",
    Code.ESTABLISHMENT_UNKNOWN: "establishment",
}


@dataclass(frozen=True)
class Person:
    participant: Participant
    reasons: Sequence[Reason]
    standing: Standing | None = None

    @property
    def is_locked(self) -> bool:
        return any(reason.code not in MISSING for reason in self.reasons)

    @property
    def mendable(self) -> Sequence[Reason]:
        return audiences.mendable(self.reasons)

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


def children_of(guardian: Guardian | None) -> list[Participant]:
    return families.participants_of(guardian.id) if guardian else []


def people(offering: Offering, children: Iterable[Participant], known: Eligibility) -> list[Person]:
    """Each of the children, with all that stands against them here."""
    return [Person(child, known.of_all(offering, child), known.standings.get(child.id)) for child in children]


def members(guardian: Guardian | None) -> list[Person]:
    """Everybody in the guardian's list, with what their link alone stands against."""
    if guardian is None:
        return []
    standings = standings_of(guardian.id)
    return [
        Person(each, links.of_link(standings.get(each.id)), standings.get(each.id)) for each in children_of(guardian)
    ]


def chosen(said: str, known: Sequence[Person]) -> Choice | None:
    """None while the family has several children and none was chosen. Another family's child is no choice."""
    if not known or said == SOMEBODY_ELSE:
        return Choice(None)
    named = [person for person in known if str(person.participant.id) == said]
    if not named and len(known) == 1 and not said:
        named = list(known)
    return Choice(named[0].participant, named[0].reasons, named[0].standing) if named else None
