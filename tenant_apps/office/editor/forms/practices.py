"""How long places are kept, how the waiting list works, and what families may change: as the organisation, or not."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import Words
from tenant_apps.catalog.models import Offering
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.organisation.rules import Rules
from tenant_apps.registrations import holding
from tenant_apps.registrations.waiting_terms import Mode, OnRefusal, terms_in

_UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
_MOST_MINUTES = 60 * 24 * 90
MODES: Mapping[str, Any] = {
    Mode.OFF: gettext_lazy("Aucune liste d’attente"),
    Mode.AUTOMATIC: gettext_lazy("Une place libérée est proposée aussitôt, dans l’ordre"),
    Mode.MANUAL: gettext_lazy("Une place libérée est mise de côté\u202f: vous la proposez"),
}
REFUSALS: Mapping[str, Any] = {
    OnRefusal.KEEP: gettext_lazy("Elle garde son rang"),
    OnRefusal.LOSE: gettext_lazy("Elle passe en dernier"),
    OnRefusal.LEAVE: gettext_lazy("Elle quitte la liste"),
}
_HOLDING, _WAITING = ("renewals", "remind_hours"), ("mode", "offer_hours", "on_refusal")


class PracticesForm(forms.Form):
    """What is left empty is as the organisation does."""

    hold = forms.IntegerField(
        label=gettext_lazy("Une place reste gardée pendant"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("Le temps de terminer l’inscription et de payer."),
    )
    hold_unit = forms.ChoiceField(
        label=gettext_lazy("Unité"),
        choices=[
            ("minutes", gettext_lazy("minutes")),
            ("hours", gettext_lazy("heures")),
            ("days", gettext_lazy("jours")),
        ],
    )
    renewals = forms.IntegerField(
        label=gettext_lazy("Combien de fois la famille peut prolonger"), required=False, min_value=0, max_value=10
    )
    remind_hours = forms.IntegerField(
        label=gettext_lazy("Heures avant la fin pour le rappel par courriel"),
        required=False,
        min_value=0,
        max_value=24 * 30,
    )
    mode = forms.ChoiceField(label=gettext_lazy("Quand c’est complet"), required=False)
    offer_hours = forms.IntegerField(
        label=gettext_lazy("Heures pour répondre à une place proposée"), required=False, min_value=1, max_value=24 * 30
    )
    on_refusal = forms.ChoiceField(label=gettext_lazy("Une famille qui refuse, ou ne répond pas"), required=False)

    @classmethod
    def of(cls, offering: Offering, data: Any, rules: Rules) -> "PracticesForm":
        kept = {name: offering.holding.get(name) for name in _HOLDING}
        kept |= {name: offering.waiting.get(name, "") for name in _WAITING}
        form = cls(data, initial=kept | _hold(offering.hold_minutes))
        usual, held = terms_in(rules.waiting, Offering()), holding.terms_in(rules.holding, Offering())
        form._as_usual("renewals", held.renewals)
        form._as_usual("remind_hours", held.remind_hours)
        form._as_usual("offer_hours", usual.offer_hours)
        form._choices("mode", MODES, usual.mode)
        form._choices("on_refusal", REFUSALS, usual.on_refusal)
        return form

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("hold") and said.get("hold_unit") and self._minutes() > _MOST_MINUTES:
            self.add_error("hold", _("Au plus 90 jours."))
        return said

    def columns(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "hold_minutes": self._minutes(),
            "holding": {name: said[name] for name in _HOLDING if said[name] is not None},
            "waiting": {name: said[name] for name in _WAITING if said[name] not in (None, "")},
        }

    def _minutes(self) -> int:
        return int(self.cleaned_data["hold"] * _UNITS[self.cleaned_data["hold_unit"]])

    def _as_usual(self, name: str, value: Any) -> None:
        told = {"value": value}
        self.fields[name].help_text = _("Laissez vide pour faire comme votre organisation\u202f: %(value)s.") % told

    def _choices(self, name: str, choices: Mapping[str, Any], usual: str) -> None:
        words = _("Comme votre organisation (%(words)s)") % {"words": choices[usual]}
        field = self.fields[name]
        field.choices = [("", words), *((str(key), told) for key, told in choices.items())]  # type: ignore[attr-defined]


class QuotaForm(TranslatedForm):
    """What several options share, as the seats of a bus."""

    translated = ("name",)

    name = forms.CharField(
        label=gettext_lazy("Ce qui est partagé"),
        max_length=80,
        strip=True,
        help_text=gettext_lazy("«\u202fPlaces dans l’autobus\u202f»."),
    )
    capacity = forms.IntegerField(label=gettext_lazy("Nombre de places"), min_value=0, max_value=100_000)
    options = forms.MultipleChoiceField(
        label=gettext_lazy("Choix qui se les partagent"), widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def of(
        cls, offering: Offering, data: Any, *, name: Words, kept: Mapping[str, Any], languages: Mapping[str, str]
    ) -> "QuotaForm":
        by_language = {"fr": name} if isinstance(name, str) else dict(name)
        others = {code: {"name": words} for code, words in by_language.items() if code != "fr"}
        initial = {**kept, "name": by_language.get("fr", "")}
        form = cls(data, languages=languages, translations=others, initial=initial)
        chosen = [(str(each.pk), each.shown("name")) for each in offering.options.all()]
        form.fields["options"].choices = chosen  # type: ignore[attr-defined]
        return form

    def words(self) -> dict[str, str]:
        others = {code: told["name"] for code, told in self.translations().items() if told.get("name")}
        return {"fr": self.cleaned_data["name"], **others}


def _hold(minutes: int) -> dict[str, Any]:
    unit = next(name for name, length in reversed(_UNITS.items()) if minutes % length == 0)
    return {"hold": minutes // _UNITS[unit], "hold_unit": unit}
