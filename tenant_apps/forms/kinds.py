"""The kinds of question: how each is asked, checked and kept. Other rooms may register more."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.registry import Registry
from kernel.words import in_language
from tenant_apps.forms.attachments import AttachmentField
from tenant_apps.forms.definitions import Question
from tenant_apps.forms.groups import AddressField, PeopleField
from tenant_apps.forms.identifiers import CHECKS, IdentifierField
from tenant_apps.forms.phone import PhoneField
from tenant_apps.organisation.models import Establishment, Level


@dataclass(frozen=True, slots=True)
class Setting:
    """What the organisation gives to the questions. `owner`: whose files they are while the form is not yet done."""

    territory: str
    establishments: tuple[Establishment, ...]
    levels: tuple[Level, ...]
    owner: str = ""


Kind = Callable[[Question, Setting], forms.Field]

KINDS: Registry[Kind] = Registry("kind of question")

_FIRST_YEAR = 1900
_MOST_PEOPLE = 5
_NOTHING_CHOSEN = _("Veuillez choisir…")


# What is kept in a column of its own is no longer than the column.
_LONGEST = {
    **dict.fromkeys(("last_name", "first_name", "used_name", "guardian_last_name", "guardian_first_name"), 100),
    "student_number": 40,
    "guardian_phone": 40,
}


def text(question: Question, setting: Setting) -> forms.Field:
    return forms.CharField(max_length=_LONGEST.get(question.key, 200))


def long_text(question: Question, setting: Setting) -> forms.Field:
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def number(question: Question, setting: Setting) -> forms.Field:
    least = int(question.minimum) if question.minimum is not None else 0
    most = int(question.maximum) if question.maximum is not None else 10**9
    return forms.IntegerField(
        min_value=least,
        max_value=most,
        error_messages={
            "invalid": _("Écrivez un nombre entier, en chiffres."),
            "min_value": _("C’est trop peu\u202f: %(limit_value)s au moins."),
            "max_value": _("C’est trop\u202f: %(limit_value)s au plus."),
        },
    )


def date(question: Question, setting: Setting) -> forms.Field:
    validators = [_of_a_living_person] if question.key == "birth_date" else []
    return forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Écrivez la date ainsi\u202f: 2019-06-12.")},
        validators=[*validators, _within(question)],
    )


def _of_a_living_person(born: datetime.date) -> None:
    if born.year < _FIRST_YEAR or born > timezone.localdate(clock.now()):
        raise forms.ValidationError(_("Vérifiez l’année\u202f: cette date de naissance n’est pas possible."))


def _within(question: Question) -> Callable[[datetime.date], None]:
    def check(day: datetime.date) -> None:
        if question.minimum is not None and day < _day(question.minimum):
            raise forms.ValidationError(_("Vérifiez la date\u202f: elle est trop ancienne."))
        if question.maximum is not None and day > _day(question.maximum):
            raise forms.ValidationError(_("Vérifiez la date\u202f: elle est trop tardive."))

    return check


def _day(limit: int | str) -> datetime.date:
    """A day of the definition; « today » moves with the days."""
    return timezone.localdate(clock.now()) if limit == "today" else datetime.date.fromisoformat(str(limit))


def choice(question: Question, setting: Setting) -> forms.Field:
    return forms.ChoiceField(choices=[("", _NOTHING_CHOSEN), *_offered(question)])


def choices(question: Question, setting: Setting) -> forms.Field:
    return forms.MultipleChoiceField(choices=_offered(question), widget=forms.CheckboxSelectMultiple)


def _offered(question: Question) -> list[tuple[str, str]]:
    return [(each.value, in_language(each.label)) for each in question.choices]


def yes_no(question: Question, setting: Setting) -> forms.Field:
    field = forms.ChoiceField(choices=[("yes", _("Oui")), ("no", _("Non"))], widget=forms.RadioSelect)
    # Two short words stand side by side (the `field` tag).
    field.stands_inline = True  # type: ignore[attr-defined]
    return field


def boolean(question: Question, setting: Setting) -> forms.Field:
    return forms.BooleanField()


def phone(question: Question, setting: Setting) -> forms.Field:
    return PhoneField(territory=setting.territory)


def email(question: Question, setting: Setting) -> forms.Field:
    return forms.EmailField(
        max_length=254, error_messages={"invalid": _("Écrivez une adresse complète, comme nom@exemple.org.")}
    )


def address(question: Question, setting: Setting) -> forms.Field:
    return AddressField(territory=setting.territory)


def people(question: Question, setting: Setting) -> forms.Field:
    most = min(int(question.maximum or 3), _MOST_PEOPLE)
    return PeopleField(territory=setting.territory, least=int(question.minimum or 0), most=most)


def file(question: Question, setting: Setting) -> forms.Field:
    return AttachmentField(owner=setting.owner)


def level(question: Question, setting: Setting) -> forms.Field:
    return _one_of(setting.levels)


def establishment(question: Question, setting: Setting) -> forms.Field:
    return _one_of(setting.establishments)


def _one_of(rows: Iterable[Level | Establishment]) -> forms.Field:
    offered = [(str(row.id), row.name) for row in rows]
    return forms.TypedChoiceField(choices=[("", _NOTHING_CHOSEN), *offered], coerce=UUID, empty_value=None)


def _identifier(question: Question, setting: Setting) -> forms.Field:
    check, example = CHECKS[question.kind]
    return IdentifierField(check=check, example=example)


_ASKED = (text, long_text, number, date, choice, choices, yes_no, boolean, phone, email, address, people, file)


def register() -> None:
    for kind in (*_ASKED, level, establishment):
        KINDS.register(kind.__name__, kind)
    for name in CHECKS:
        KINDS.register(name, _identifier)
