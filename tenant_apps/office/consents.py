"""The register of authorizations as staff read it: who said what, who is silent, narrowed to a school or a class."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenant_apps.catalog.models import Offering
from tenant_apps.families.models import Participant
from tenant_apps.forms import consents as signed_words
from tenant_apps.forms.consents import Standing, State
from tenant_apps.forms.models import Form
from tenant_apps.office import acquaintance
from tenant_apps.office.scope import CHANGES, Scope
from tenant_apps.organisation.models import Establishment, Level, Role
from tenant_apps.registrations import consents as registered
from tenant_apps.registrations.consents import Register, Subject

# Who writes to families about what they answered, and types an answer in their presence.
ANSWERS = (*CHANGES, Role.SECRETARY)

EVERYONE, OFFERING = "tous", "activite"


class RegisterFilters(forms.Form):
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(),
        label=_("Établissement"),
        required=False,
        empty_label=_("Tous"),
        to_field_name="code",
    )
    level = forms.ModelChoiceField(
        Level.objects.all(), label=_("Niveau"), required=False, empty_label=_("Tous"), to_field_name="code"
    )
    home_group = forms.CharField(label=_("Groupe"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("Réponse"), required=False, choices=[("", _("Toutes")), *State.choices])

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        offered = Establishment.objects.all()
        if scope.establishments is not None:
            offered = offered.filter(pk__in=scope.establishments)
        self.fields["establishment"].queryset = offered  # type: ignore[attr-defined]
        self.is_valid()

    def narrowed(self, participants: QuerySet[Participant]) -> QuerySet[Participant]:
        """What is wrong in the address narrows nothing, and is said at its field."""
        wanted = self.cleaned_data
        if wanted.get("establishment"):
            participants = participants.filter(establishment=wanted["establishment"])
        if wanted.get("level"):
            participants = participants.filter(level=wanted["level"])
        if wanted.get("home_group"):
            participants = participants.filter(answers__home_group=wanted["home_group"])
        return participants


@dataclass(frozen=True, slots=True)
class Bar:
    """How many said one thing, and how long its bar is, in hundredths of all."""

    state: State
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Row:
    participant: Participant
    standing: Standing

    @property
    def home_group(self) -> str:
        return str(self.participant.answers.get("home_group") or "")


@dataclass(frozen=True, slots=True)
class Line:
    """One subject in the list, with its counts."""

    register: Register
    is_open: bool
    opens_later: bool

    @property
    def subject(self) -> Subject:
        return self.register.subject

    @property
    def kind(self) -> str:
        return OFFERING if self.subject.offering else EVERYONE

    @property
    def slug(self) -> str:
        return self.subject.offering.slug if self.subject.offering else self.subject.form.key

    @property
    def total(self) -> int:
        return len(self.register.verdicts)

    @property
    def bars(self) -> list[Bar]:
        counts = self.register.counts
        return [Bar(state, counts[state], round(100 * counts[state] / (self.total or 1))) for state in State]


def lines(scope: Scope, filters: RegisterFilters, *, at: datetime, zone: ZoneInfo) -> list[Line]:
    """Every subject that the member may see, counted in a number of queries that does not grow."""
    visible = set(scope.offerings().values_list("pk", flat=True))
    asked = [each for each in registered.subjects() if each.offering is None or each.offering.id in visible]
    found = registered.registers(asked, filters.narrowed(acquaintance.participants(scope)), at=at, zone=zone)
    return [_line(register, at=at, zone=zone) for register in found]


def line(kind: str, slug: str, scope: Scope, filters: RegisterFilters, *, at: datetime, zone: ZoneInfo) -> Line:
    """Raises Form.DoesNotExist or Offering.DoesNotExist for what asks nothing, or is not for the member."""
    subject = _subject(kind, slug, scope)
    [register] = registered.registers([subject], filters.narrowed(acquaintance.participants(scope)), at=at, zone=zone)
    return _line(register, at=at, zone=zone)


def rows(register: Register, *, state: str = "") -> list[UUID]:
    """The children, by name; those of one state where one is named."""
    return [person for person, verdict in register.verdicts.items() if not state or verdict.state == state]


def shown(register: Register, people: Iterable[UUID]) -> list[Row]:
    """Of some of them, with the word that decides, in two queries."""
    people = list(people)
    known = Participant.objects.select_related("establishment", "level").in_bulk(people)
    verdicts = {person: register.verdicts[person] for person in people}
    words = signed_words.words_of(each.word_id for each in verdicts.values() if each.word_id)
    return [
        Row(known[person], Standing(verdict.state, words[verdict.word_id] if verdict.word_id else None))
        for person, verdict in verdicts.items()
        if person in known
    ]


def cells(found: list[Row], *, names: bool, zone: ZoneInfo) -> Iterator[list[object]]:
    """Of the table to download; who signed is left out for who sees only states."""
    for row in found:
        child, word = row.participant, row.standing.word
        cell: list[object] = [child.last_name, child.shown_name, child.establishment or "", child.level or ""]
        cell += [row.home_group, row.standing.state.label]
        if names:
            cell += (
                [word.signed_name, word.submitted_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")] if word else ["", ""]
            )
            cell += [word.get_means_display(), word.version.number, word.language] if word else ["", "", ""]
        yield cell


def _line(register: Register, *, at: datetime, zone: ZoneInfo) -> Line:
    offering = register.subject.offering
    opens_later = bool(offering and offering.opens_at and at < offering.opens_at)
    return Line(register, register.subject.is_open(at=at, zone=zone), opens_later)


def _subject(kind: str, slug: str, scope: Scope) -> Subject:
    if kind == OFFERING:
        found = scope.offerings().select_related("consent_form").prefetch_related("establishments", "levels")
        return registered.of_offering(found.exclude(consent_form=None).get(slug=slug))
    return Subject(Form.objects.distinct().get(key=slug, asks_everyone=True, versions__number=1))


MISSING = (Form.DoesNotExist, Offering.DoesNotExist)
