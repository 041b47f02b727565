"""« Mes coordonnées »: who the account holder is, and what is said once for the whole family (S4-03)."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.families.models import Guardian
from tenant_apps.forms import building
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.phone import PhoneField
from tenant_apps.organisation.models import Profile
from tenant_apps.portal.forms.contact import KEYS

_FIRST_YEAR = 1900
# Who the guardian is: asked above, and kept in columns of its own.
_ABOVE = frozenset(KEYS.values())


class HolderForm(forms.Form):
    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Écrivez votre prénom.")},
    )
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Écrivez votre nom.")},
    )
    birth_date = forms.DateField(
        label=_("Date de naissance"),
        required=False,
        help_text=_("Seulement si vous vous inscrivez aussi à des activités."),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
        error_messages={"invalid": _("Écrivez la date ainsi\u202f: 2019-06-12.")},
    )
    language = forms.ChoiceField(label=_("Langue des messages"))

    def __init__(self, data: Mapping[str, Any] | None, *, guardian: Guardian, profile: Profile) -> None:
        super().__init__(data, initial=_known(guardian))
        self.fields["phone"] = PhoneField(territory=profile.territory, label=_("Téléphone"), required=False)
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self._offer(profile.languages)
        for name in set(guardian.locked_fields) & set(self.fields):
            # What is posted for a field that is disabled is not looked at.
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Donné par votre moyen de connexion\u202f; ne se change pas ici.")
        self.order_fields(["first_name", "last_name", "phone", "birth_date", "language"])

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born and (born.year < _FIRST_YEAR or born > timezone.localdate(clock.now())):
            raise forms.ValidationError(_("Vérifiez l’année\u202f: cette date de naissance n’est pas possible."))
        return born

    def _offer(self, languages: Collection[str]) -> None:
        choice: Any = self.fields["language"]
        choice.choices = [(code, name) for code, name in settings.LANGUAGES if code in languages]


def household_form(version: FormVersion, guardian: Guardian, data: Mapping[str, Any] | None) -> DefinedForm | None:
    """The questions of the children's record that are the family's own; None where there are none."""
    sections = [{**section, "questions": _of_the_household(section)} for section in version.definition["sections"]]
    asked = [section for section in sections if section["questions"]]
    if not asked:
        return None
    narrowed = FormVersion(form=version.form, definition={"sections": asked})
    made = building.form_class(narrowed, establishments=(), levels=())
    return made(data, initial=building.initial_for(narrowed, None, guardian))


def _of_the_household(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**question, "required": False}
        for question in section["questions"]
        if question.get("shared") and question["key"] not in _ABOVE and question["kind"] != "file"
    ]


def _known(guardian: Guardian) -> dict[str, Any]:
    return {
        "first_name": guardian.first_name,
        "last_name": guardian.last_name,
        "phone": guardian.phone,
        "birth_date": guardian.birth_date,
        "language": guardian.language,
    }
