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
from tenant_apps.forms.definitions import Question, in_language
from tenant_apps.forms.phone import PhoneField
from tenant_apps.organisation.models import Establishment, Level


@dataclass(frozen=True, slots=True)
class Setting:
    """What the organisation gives to the questions."""

    territory: str
    establishments: tuple[Establishment, ...]
    levels: tuple[Level, ...]


Kind = Callable[[Question, Setting], forms.Field]

KINDS: Registry[Kind] = Registry("kind of question")

_FIRST_YEAR = 1900
_NOTHING_CHOSEN = _("Veuillez choisir…")


def text(question: Question, setting: Setting) -> forms.Field:
    return forms.CharField(max_length=200)


def long_text(question: Question, setting: Setting) -> forms.Field:
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def number(question: Question, setting: Setting) -> forms.Field:
    return forms.IntegerField(min_value=0, max_value=10**9)


def date(question: Question, setting: Setting) -> forms.Field:
    return forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Écrivez la date ainsi\u202f: 2019-06-12.")},
        validators=[_of_a_living_person] if question.key == "birth_date" else [],
    )


def _of_a_living_person(born: datetime.date) -> None:
    if born.year < _FIRST_YEAR or born > timezone.localdate(clock.now()):
        raise forms.ValidationError(_("Vérifiez l’année\u202f: cette date de naissance n’est pas possible."))


def choice(question: Question, setting: Setting) -> forms.Field:
    offered = [(each.value, in_language(each.label)) for each in question.choices]
    return forms.ChoiceField(choices=[("", _NOTHING_CHOSEN), *offered])


def yes_no(question: Question, setting: Setting) -> forms.Field:
    return forms.ChoiceField(choices=[("yes", _("Oui")), ("no", _("Non"))], widget=forms.RadioSelect)


def boolean(question: Question, setting: Setting) -> forms.Field:
    return forms.BooleanField()


def phone(question: Question, setting: Setting) -> forms.Field:
    return PhoneField(territory=setting.territory)


def email(question: Question, setting: Setting) -> forms.Field:
    return forms.EmailField(
        max_length=254, error_messages={"invalid": _("Écrivez une adresse complète, comme nom@exemple.org.")}
    )


def level(question: Question, setting: Setting) -> forms.Field:
    return _one_of(setting.levels)


def establishment(question: Question, setting: Setting) -> forms.Field:
    return _one_of(setting.establishments)


def _one_of(rows: Iterable[Level | Establishment]) -> forms.Field:
    offered = [(str(row.id), row.name) for row in rows]
    return forms.TypedChoiceField(choices=[("", _NOTHING_CHOSEN), *offered], coerce=UUID, empty_value=None)


def register() -> None:
    for kind in (text, long_text, number, date, choice, yes_no, boolean, phone, email, level, establishment):
        KINDS.register(kind.__name__, kind)
