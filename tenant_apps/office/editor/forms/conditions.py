"""Who may register and when: opening and deadline, guests, forms, and the period of each audience."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.models import Offering
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.office.editor.forms.moments import DayField, MomentField

_SUPPORT = {
    "support_from_on": "from_on",
    "support_until_on": "until_on",
    "support_keep_days": "keep_days",
    "support_places": "places",
}


class ConditionsForm(forms.Form):
    opens_at = MomentField(
        label=gettext_lazy("Ouverture des inscriptions"),
        required=False,
        help_text=gettext_lazy("Laissez vide pour ouvrir dès la publication."),
    )
    deadline_on = DayField(
        label=gettext_lazy("Date limite"),
        required=False,
        help_text=gettext_lazy("Ce jour-là compris, jusqu’à minuit."),
    )
    accepts_guests = forms.BooleanField(label=gettext_lazy("On peut s’inscrire sans compte"), required=False)
    registration_form = forms.ModelChoiceField(
        Form.objects.filter(purpose=Purpose.REGISTRATION),
        label=gettext_lazy("Questions posées à l’inscription"),
        required=False,
        empty_label=gettext_lazy("Aucune"),
    )
    consent_form = forms.ModelChoiceField(
        Form.objects.filter(purpose=Purpose.CONSENT),
        label=gettext_lazy("Autorisation que les parents signent"),
        required=False,
        empty_label=gettext_lazy("Aucune"),
    )
    support_from_on = DayField(
        label=gettext_lazy("Demandes de soutien à partir du"),
        required=False,
        help_text=gettext_lazy(
            "Pour un enfant qui a besoin d’accompagnement. Laissez vide si l’activité n’en prend pas."
        ),
    )
    support_until_on = DayField(label=gettext_lazy("Demandes de soutien jusqu’au"), required=False)
    support_keep_days = forms.IntegerField(
        label=gettext_lazy("Jours pendant lesquels une place est gardée, le temps de l’étude"),
        required=False,
        min_value=1,
        max_value=60,
    )
    support_places = forms.IntegerField(
        label=gettext_lazy("Places gardées au plus dans chaque choix"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy(
            "Au-delà, une demande est étudiée sans qu’une place soit gardée. Laissez vide pour une place sur dix."
        ),
    )

    @classmethod
    def of(cls, offering: Offering, data: Any) -> "ConditionsForm":
        now = {name: getattr(offering, name) for name in cls.base_fields if name not in _SUPPORT}
        form = cls(data, initial=now | {name: offering.support.get(key) for name, key in _SUPPORT.items()})
        for name in ("registration_form", "consent_form"):
            form.fields[name].label_from_instance = lambda found: found.shown_title  # type: ignore[attr-defined]
        return form

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if any(said.get(name) for name in _SUPPORT):
            missing = [name for name in ("support_from_on", "support_until_on") if not said.get(name)]
            for name in missing:
                if name not in self.errors:
                    self.add_error(name, _("Dites de quand à quand."))
            if not missing and said["support_until_on"] < said["support_from_on"]:
                self.add_error("support_until_on", _("La fin vient avant le début."))
        return said

    def columns(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name not in _SUPPORT}
        support = {key: _plain(self.cleaned_data[name]) for name, key in _SUPPORT.items() if self.cleaned_data[name]}
        return {**said, "support": support}


class WindowForm(TranslatedForm):
    translated = ("name",)

    name = forms.CharField(
        label=gettext_lazy("Pour qui"),
        max_length=80,
        strip=True,
        help_text=gettext_lazy("Comme les familles le liront\u202f: «\u202fRésidents\u202f», «\u202fTous\u202f»."),
    )
    opens_at = MomentField(label=gettext_lazy("Ouverture"))
    closes_at = MomentField(
        label=gettext_lazy("Fermeture"),
        required=False,
        help_text=gettext_lazy("Laissez vide pour fermer à la date limite de l’activité."),
    )

    @classmethod
    def of(cls, window: Mapping[str, Any], data: Any, *, languages: Mapping[str, str]) -> "WindowForm":
        words = window.get("name", "")
        by_language = {"fr": words} if isinstance(words, str) else dict(words)
        moments = {name: datetime.fromisoformat(window[name]) for name in ("opens_at", "closes_at") if window.get(name)}
        others = {code: {"name": name} for code, name in by_language.items() if code != "fr"}
        return cls(
            data, languages=languages, translations=others, initial={"name": by_language.get("fr", ""), **moments}
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("opens_at") and said.get("closes_at") and said["closes_at"] <= said["opens_at"]:
            self.add_error("closes_at", _("La fermeture vient avant l’ouverture."))
        return said

    def window(self, rules: list[Any]) -> dict[str, Any]:
        """As `Offering.windows` keeps it."""
        said = self.cleaned_data
        others = {code: words["name"] for code, words in self.translations().items() if words.get("name")}
        return {
            "name": {"fr": said["name"], **others} if others else said["name"],
            "for": rules,
            "opens_at": said["opens_at"].isoformat(),
            "closes_at": said["closes_at"].isoformat() if said["closes_at"] else None,
        }


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else value.isoformat()
