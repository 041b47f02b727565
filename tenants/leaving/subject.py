"""Who is erased: names of what is looked for afterwards, kept apart from rows that go."""

from dataclasses import dataclass
from uuid import UUID

from tenants.models import Departure, Organisation


@dataclass(frozen=True, slots=True)
class Subject:
    """`needles`: what names it in the rows of others: its schema, its identifier, its accounts at the processor."""

    organisation: Organisation
    departure_id: UUID
    needles: tuple[str, ...]

    @property
    def schema(self) -> str:
        return str(self.organisation.schema_name)


def of(departure: Departure) -> Subject:
    return Subject(departure.organisation, departure.pk, tuple(departure.certificate["looked_for_names"]))
