"""The forms of copies: one offering under another title, or a season into another."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.lines import LineField
from tenant_apps.catalog.models import Offering, Season
from tenant_apps.catalog.operations.copying import Renaming
from tenant_apps.office.editor.forms.moments import DayField

_LONGEST_SEASON = 800


class DuplicateForm(forms.Form):
    title = LineField(label=gettext_lazy("Titre"), max_length=200)
    starts_on = DayField(
        label=gettext_lazy("Premier jour de la copie"),
        required=False,
        help_text=gettext_lazy("Toutes les autres dates avancent d’autant. Laissez vide pour garder celles d’avant."),
    )

    def __init__(self, data: Any, *, original: Offering) -> None:
        title = _("%(title)s (copie)") % {"title": original.title[:180]}
        super().__init__(data, initial={"title": title, "starts_on": original.starts_on})
        self._from: date | None = original.starts_on
        if self._from is None:
            del self.fields["starts_on"]

    @property
    def days(self) -> int:
        """By how many days the copy comes after the original."""
        starts_on: date | None = self.cleaned_data.get("starts_on")
        return (starts_on - self._from).days if starts_on and self._from else 0


class CloneForm(forms.Form):
    """The season to copy comes with the address; this says into which."""

    into = forms.ModelChoiceField(
        Season.objects.order_by("-starts_on", "name"),
        label=gettext_lazy("Dans quelle saison\u202f?"),
        required=False,
        empty_label=gettext_lazy("Une nouvelle saison"),
    )
    name = LineField(label=gettext_lazy("Nom de la nouvelle saison"), required=False, max_length=100)
    starts_on = DayField(label=gettext_lazy("Premier jour"), required=False)
    ends_on = DayField(label=gettext_lazy("Dernier jour"), required=False)
    old = LineField(
        label=gettext_lazy("Dans les titres, remplacer"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Par exemple l’année\u202f: 2026."),
    )
    new = LineField(label=gettext_lazy("Par"), required=False, max_length=40)

    def __init__(self, data: Any, *, season: Season) -> None:
        super().__init__(data)
        self.season = season
        self.fields["into"].queryset = self.fields["into"].queryset.exclude(pk=season.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("into") or self.errors:
            return said
        for name, told in (("name", _("Donnez-lui un nom.")), ("starts_on", _("Dites quand elle commence."))):
            if not said.get(name):
                self.add_error(name, told)
        if not said.get("ends_on"):
            self.add_error("ends_on", _("Dites quand elle finit."))
        if not self.errors:
            self._check_season(said)
        return said

    @property
    def target(self) -> Season:
        """The season that was chosen, or the one that would be made. Only after `is_valid`."""
        said = self.cleaned_data
        existing: Season | None = said["into"] or Season.objects.filter(name__iexact=said["name"]).first()
        return existing or Season(name=said["name"], starts_on=said["starts_on"], ends_on=said["ends_on"])

    @property
    def renaming(self) -> Renaming:
        return Renaming(self.cleaned_data["old"], self.cleaned_data["new"])

    def _check_season(self, said: dict[str, Any]) -> None:
        if said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _("La fin vient avant le début."))
        elif (said["ends_on"] - said["starts_on"]).days > _LONGEST_SEASON:
            self.add_error("ends_on", _("Une saison dure deux ans au plus."))
        elif said["name"] == self.season.name:
            self.add_error("name", _("C’est le nom de la saison que vous copiez."))
