"""What a kind of requirement is: data kept with the offering, a small form, an explanation and a judgement."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise

from kernel.registry import Registry
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Reason
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.families.models import Participant

# As it is kept: {"kind": key, ...}, of what JSON can say.
Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Who would take what, and when. `option` is None for the offering as a whole."""

    offering: Offering
    option: Option | None
    participant: Participant
    at: datetime
    zone: ZoneInfo
    words: OwnWords


@dataclass(frozen=True, slots=True)
class Circle:
    """The people whom an answer is wanted for, `guardian_id` being who asks: None for nobody in particular.

    `replacing` are registrations that would be given up for what is asked: they stand against nothing.
    """

    participants: Sequence[Participant]
    guardian_id: UUID | None
    at: datetime
    zone: ZoneInfo
    replacing: Collection[UUID] = ()


class RuleForm(forms.Form):
    """The fields of one kind, in words for staff. The answers become the rule's data, days as ISO 8601."""

    @property
    def faults(self) -> str:
        """All that is wrong, in one line."""
        return " ".join(str(fault) for faults in self.errors.values() for fault in faults)

    def rule(self, key: str) -> dict[str, Any]:
        """Only after `is_valid`. What was left empty is left out."""
        said = {name: _plain(value) for name, value in self.cleaned_data.items()}
        return {"kind": key, **{name: value for name, value in said.items() if value not in (None, "", [])}}


class Kind(ABC):
    """One kind of requirement, registered under its `key` in KINDS."""

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    form: ClassVar[type[RuleForm]] = RuleForm

    # It counts what the family has already: two registrations at once must be judged one after the other.
    counts: ClassVar[bool] = False

    @abstractmethod
    def explain(self, rule: Rule) -> str:
        """The rule in one plain sentence, for families and staff alike."""

    def is_of_option(self, rule: Rule) -> bool:
        """Whether an offering asks it of each option, and not once of the whole."""
        return False

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Any:
        """What `judge` needs to know, read at once for everybody. None where the case says it all."""
        return None

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Any]:
        """For each circle what `gather` reads for it, where thousands of families are judged at once.

        A kind that asks the database overrides it, by as many queries as for one family.
        """
        return [self.gather(rules, circle) for circle in circles]

    def copied(self, rule: Rule, copies: Mapping[str, str]) -> Rule:
        """The rule in a copy of its season; `copies`: of each original's slug, that of its copy."""
        return rule

    @abstractmethod
    def judge(self, rule: Rule, case: Case, known: Any) -> Reason | None:
        """Why not; None where it is met. `known` is what `gather` read."""


class KindForAll(Kind):
    """A kind whose knowledge is the same whoever asks."""

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Any]:
        known = self.gather(rules, everybody(circles))
        return [known] * len(circles)


def everybody(circles: Sequence[Circle]) -> Circle:
    """All of them, asked for by nobody in particular."""
    people = {each.id: each for circle in circles for each in circle.participants}
    return Circle(list(people.values()), None, circles[0].at, circles[0].zone)


# By key. Rooms above register the kinds that read what only they know.
KINDS: Registry[Kind] = Registry("kind of requirement")

# What goes without saying, by the offering's `selection`: no offering writes it, none is without it.
IMPLIED: Registry[Kind] = Registry("implied requirement")


def kind_of(rule: Rule) -> Kind:
    """Raises LookupError for what no room registered."""
    return IMPLIED.get(rule["kind"]) or KINDS[rule["kind"]]


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set)):
        return [_plain(each) for each in value]
    return value
