"""What families answered, in the words of the version of the form that they filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from kernel.inventory import DataClass
from kernel.words import in_language
from shared_apps.design import formats
from tenant_apps.catalog.models import Offering
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.forms import answers, definitions, wording
from tenant_apps.forms.attachments import upload_of
from tenant_apps.forms.definitions import DETAILS, Question
from tenant_apps.forms.models import FormVersion, Submission
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations.models import Registration

# Shown in columns of their own, or with the way to reach the family.
_ELSEWHERE = frozenset(
    {
        "last_name",
        "first_name",
        "level",
        "establishment",
        "home_group",
        "teacher",
        "contact_email",
        "guardian_last_name",
        "guardian_first_name",
        "guardian_phone",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    is_health: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`is_yes` where a box was ticked: of the answers about health, those to act upon. `upload`: a file to fetch."""

    label: str
    text: str
    is_health: bool
    is_yes: bool
    upload: str = ""


class Answers:
    """Reads submissions for one reader. Health answers are left out altogether for who may not see them."""

    def __init__(self, profile: Profile, *, with_health: bool) -> None:
        self._territory = profile.territory
        self._locale = formats.locale_for(get_language() or "fr", profile.territory)
        self._with_health = with_health
        self._read: dict[UUID, dict[Column, Question]] = {}

    def columns(self, submissions: Iterable[Submission]) -> list[Column]:
        """Every question that was asked, in the order and with the words of the newest version."""
        versions = {submission.version_id: submission.version for submission in submissions}
        columns: dict[str, Column] = {}
        for version in sorted(versions.values(), key=lambda version: version.number, reverse=True):
            for column in self._questions(version):
                columns.setdefault(column.key, column)
        return list(columns.values())

    def of(self, submission: Submission, participant: Participant) -> dict[str, Answer]:
        """By key, those that say something."""
        said = answers.of_submission(submission) if self._with_health else submission.answers
        found = {}
        for column, question in self._questions(submission.version).items():
            if text := self._said(question, said, participant):
                answer = said.get(column.key)
                found[column.key] = Answer(column.label, text, column.is_health, answer is True, upload_of(answer))
        return found

    def about_health(self, versions: Iterable[FormVersion], participant: Participant) -> list[Answer]:
        """What the child's record says of its health, each answer once, in the words of the first version that asks."""
        said, found = families.sealed_answers(participant), dict[str, Answer]()
        for version in versions:
            for column, question in self._questions(version).items():
                text = self._said(question, said, participant) if question.data_class is DataClass.HEALTH else ""
                if text:
                    answer = said.get(column.key)
                    found.setdefault(column.key, Answer(column.label, text, True, answer is True, upload_of(answer)))
        return list(found.values())

    def _questions(self, version: FormVersion) -> dict[Column, Question]:
        if version.pk not in self._read:
            columns = {
                Column(question.key, in_language(question.label), question.is_sealed): question
                for question in definitions.questions(definitions.read(version.definition))
                if question.key not in _ELSEWHERE
            }
            self._read[version.pk] = {
                column: question for column, question in columns.items() if self._with_health or not column.is_health
            }
        return self._read[version.pk]

    def _said(self, question: Question, said: Mapping[str, Any], participant: Participant) -> str:
        if question.key == "birth_date":
            born = participant.birth_date
            return formats.date_words(born, self._locale, length="medium") if born else ""
        if question.key in ("student_number", "used_name"):
            return str(getattr(participant, question.key))
        details = said.get(question.key + DETAILS)
        return wording.written(question, said.get(question.key), self._territory, details)


@dataclass(frozen=True, slots=True)
class Filled:
    """One form that was filled in, for one participant; `school_facts` says where to find the child."""

    participant: Participant
    offering: Offering
    school_facts: list[str]
    answers: list[Answer]


def of_registrations(registrations: Iterable[Registration], reader: Answers) -> list[Filled]:
    """Each submission once, however many dates or articles it was filled in for."""
    by_submission = {each.submission_id: each for each in registrations if each.submission_id}
    return [
        Filled(
            participant=each.participant,
            offering=each.option.offering,
            school_facts=_school_facts(each),
            answers=list(reader.of(each.submission, each.participant).values()),
        )
        for each in by_submission.values()
        if each.submission is not None
    ]


def written(registration: Registration, key: str) -> str:
    """As the form of the registration has it, else as the child's record does."""
    submission = registration.submission
    answers = submission.answers if submission and key in submission.answers else registration.participant.answers
    return str(answers.get(key) or "")


def _school_facts(registration: Registration) -> list[str]:
    participant = registration.participant
    facts = (participant.establishment, participant.level, written(registration, "home_group"))
    return [str(fact) for fact in (*facts, written(registration, "teacher")) if fact]
