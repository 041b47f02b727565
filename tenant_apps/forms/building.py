"""Makes a Django form out of a definition, fills it with what is known, and takes its answers apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from kernel.words import in_language
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import answers, asking, conditions, definitions
from tenant_apps.forms.definitions import DETAILS, Question
from tenant_apps.forms.identifiers import IdentifierField, born_on, seems_another_s
from tenant_apps.forms.kinds import KINDS, Setting
from tenant_apps.forms.models import FormVersion
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Establishment, Level

IDENTITY_KEYS = frozenset(
    {"last_name", "first_name", "used_name", "birth_date", "establishment", "level", "student_number"}
)


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    fields: list[BoundField]


class DefinedForm(forms.Form):
    """A form whose fields come from a definition; `.sections` has them as they are to be shown."""

    definition: tuple[definitions.Section, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, IdentifierField):
                field.known = str(self.initial.get(name) or "")

    @property
    def sections(self) -> list[ShownSection]:
        return [
            ShownSection(
                title=in_language(section.title),
                fields=[self[name] for question in section.questions for name in question.names],
            )
            for section in self.definition
        ]

    @property
    def warnings(self) -> list[str]:
        """What is accepted, and worth a second look (R-46)."""
        said = self.cleaned_data
        return [
            str(_("Vérifiez le numéro d’assurance maladie\u202f: il semble être celui d’une autre personne."))
            for question in definitions.questions(self.definition)
            if question.kind == "health_insurance_qc"
            and said.get(question.key)
            and seems_another_s(said[question.key], last_name=said.get("last_name", ""), born=said.get("birth_date"))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._forget_what_does_not_apply(cleaned)
        for question in definitions.questions(self.definition):
            if question.key in cleaned:
                self._check_details(question, cleaned)
                self._check_birth(question, cleaned)
        return cleaned

    def _forget_what_does_not_apply(self, cleaned: dict[str, Any]) -> None:
        """Without a script every question is shown: what hangs on another answer is neither asked nor kept."""
        questions = list(definitions.questions(self.definition))
        applying = conditions.applying(questions, cleaned)
        for question in questions:
            if question.key not in applying:
                for name in question.names:
                    self.errors.pop(name, None)
                    cleaned[name] = ""

    def _check_details(self, question: Question, cleaned: dict[str, Any]) -> None:
        details = question.key + DETAILS
        if not question.details_label or cleaned[question.key] == "":
            return
        if not cleaned[question.key]:
            cleaned[details] = ""
        elif not cleaned.get(details) and details not in self.errors:
            self.add_error(details, _("Précisez, puisque la case est cochée."))

    def _check_birth(self, question: Question, cleaned: dict[str, Any]) -> None:
        """A parent's number typed for the child is told from the child's own by the day that it says (R-43)."""
        born = cleaned.get("birth_date")
        if question.kind != "national_number_be" or not cleaned[question.key] or not born:
            return
        said = born_on(cleaned[question.key])
        if said is not None and said != born:
            self.add_error(question.key, _("Ce numéro dit une autre date de naissance. Vérifiez les deux."))


def form_class(
    version: FormVersion,
    *,
    establishments: Iterable[Establishment],
    levels: Iterable[Level],
    territory: str = "",
    owner: str = "",
) -> type[DefinedForm]:
    """Raises BadDefinition or LookupError for a definition that `publish_version` would have refused.

    `owner` keeps the files of a form that comes back with errors for that visitor alone.
    """
    setting = Setting(
        territory=territory or organisation.profile().territory,
        establishments=tuple(establishments),
        levels=tuple(levels),
        owner=owner,
    )
    sections = asking.sections(version)
    fields: dict[str, Any] = {}
    for question in definitions.questions(sections):
        fields[question.key] = _field(question, setting)
        if question.details_label:
            fields[question.key + DETAILS] = _details(question)
    return type("Answers", (DefinedForm,), {**fields, "definition": sections})


def initial_for(version: FormVersion, participant: Participant | None, guardian: Guardian | None) -> dict[str, Any]:
    """What is known beforehand: of the guardian and their household, and of the participant."""
    known: dict[str, Any] = {}
    questions = list(definitions.questions(asking.sections(version)))
    if guardian:
        known |= answers.of_guardian(guardian)
    if participant:
        known |= answers.of_participant(participant)
    names = {name for question in questions for name in question.names}
    return {name: value for name, value in known.items() if name in names and value not in (None, "")}


def gaps(version: FormVersion, known: Mapping[str, Any]) -> list[Question]:
    """What is compulsory, applies to what is known, and is not known: nothing, when the form would be accepted."""
    questions = list(definitions.questions(asking.sections(version)))
    applying = conditions.applying(questions, known)
    return [
        question
        for question in questions
        if question.key in applying
        and question.required
        and not question.details_label
        and known.get(question.key) in (None, "", [])
    ]


def gaps_of(version: FormVersion, participant: Participant) -> list[Question]:
    """Of the participant's own, that any of their households may see."""
    known = answers.of_participant(participant, with_sealed=False)
    return [each for each in gaps(version, known) if not each.is_shared and not each.is_sealed]


def as_answers(version: FormVersion, known: Mapping[str, Any]) -> Answers:
    """What is known, as if it had just been answered to this version."""
    questions = list(definitions.questions(asking.sections(version)))
    applying = conditions.applying(questions, known)
    names = [name for question in questions if question.key in applying for name in question.names]
    told = {name: _as_json(known[name]) for name in names if name in known and name not in IDENTITY_KEYS}
    return answers.sorted_out(version, told)


def split(version: FormVersion | None, cleaned: Mapping[str, Any]) -> tuple[Identity, Answers]:
    """Who the participant is, and the other answers as JSON keeps them, each to where its question is kept."""
    identity = Identity(
        last_name=cleaned.get("last_name", ""),
        first_name=cleaned.get("first_name", ""),
        birth_date=cleaned.get("birth_date"),
        establishment_id=cleaned.get("establishment"),
        level_id=cleaned.get("level"),
        used_name=cleaned.get("used_name", ""),
        student_number=cleaned.get("student_number", ""),
    )
    told = {key: _as_json(value) for key, value in cleaned.items() if key not in IDENTITY_KEYS}
    return identity, answers.sorted_out(version, told)


def _field(question: Question, setting: Setting) -> forms.Field:
    field = KINDS[question.kind](question, setting)
    unit = in_language(question.unit)
    field.label = f"{in_language(question.label)} ({unit})" if unit else in_language(question.label)
    field.help_text = in_language(question.hint) or field.help_text
    # The field template hangs it on the answer to another question.
    field.shown_if = question.shown_if  # type: ignore[attr-defined]
    # A box with a details text is a question in itself: unticked is an answer.
    field.required = question.required and not question.details_label
    field.widget.is_required = field.required
    field.error_messages.setdefault("required", "")
    field.error_messages["required"] = _("À remplir.")
    autocomplete = question.autocomplete or _AUTOCOMPLETE.get(question.key, "off")
    if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        field.widget.attrs["autocomplete"] = autocomplete
    return field


# The tokens speak of who sits before the screen: a child's name is not the guardian's, and stays without.
_AUTOCOMPLETE = {
    "contact_email": "email",
    "guardian_last_name": "family-name",
    "guardian_first_name": "given-name",
    "guardian_phone": "tel",
    "address": "street-address",
}


def _details(question: Question) -> forms.Field:
    return forms.CharField(
        label=in_language(question.details_label),
        required=False,
        max_length=500,
        # The name of the box that asks for it: the style sheet shows the one once the other is ticked.
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-shown-when": question.key}),
    )


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
