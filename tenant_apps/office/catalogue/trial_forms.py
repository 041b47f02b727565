"""The forms of « Tester comme une famille »: when, and a child who exists or one who is made up."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.words import in_language
from tenant_apps.catalog.reasons import Code
from tenant_apps.catalog.rules.own_words import ESTABLISHMENT, LEVEL
from tenant_apps.families.models import PriceCategory
from tenant_apps.office.catalogue import trial_results
from tenant_apps.office.catalogue.trial_people import MadeUp
from tenant_apps.office.editor.forms.moments import MomentField
from tenant_apps.organisation.models import Establishment, Level
from tenant_apps.organisation.prices import Prices

_MOST_YEARS = 100
_FIRST_NAME = _("Camille")


class WhenForm(forms.Form):
    at = MomentField(
        label=_("À quel moment\u202f?"),
        required=False,
        help_text=_("Laissez vide pour maintenant."),
    )

    def moment(self, now: datetime) -> datetime:
        """Now where nothing was said, or nothing that can be read."""
        said: datetime | None = self.cleaned_data.get("at") if self.is_bound and self.is_valid() else None
        return said or now


class SearchForm(WhenForm):
    q = forms.CharField(label=_("Nom de l’enfant"), max_length=100)
    field_order = ("q", "at")


class MadeUpForm(WhenForm):
    age = forms.IntegerField(
        label=_("Âge, en années"),
        required=False,
        min_value=0,
        max_value=_MOST_YEARS,
        help_text=_("Révolu ce jour-là."),
    )
    birth_date = forms.DateField(label=_("Ou date de naissance"), required=False, widget=forms.DateInput)
    level = forms.ModelChoiceField(
        Level.objects.all(), label=LEVEL, required=False, empty_label=_("Aucun"), to_field_name="code"
    )
    establishment = forms.ModelChoiceField(
        Establishment.objects.all(),
        label=ESTABLISHMENT,
        required=False,
        empty_label=_("Aucun"),
        to_field_name="code",
    )
    postal_code = forms.CharField(label=_("Code postal"), required=False, max_length=12)
    residence = forms.ChoiceField(
        label=_("Résidence"),
        required=False,
        choices=[
            ("", _("Selon le code postal")),
            (PriceCategory.RESIDENT, _("Résident")),
            (PriceCategory.NON_RESIDENT, _("Non-résident")),
        ],
    )
    income_band = forms.ChoiceField(label=_("Tranche de revenu"), required=False)
    subsidies = forms.MultipleChoiceField(
        label=_("Aides financières"), required=False, widget=forms.CheckboxSelectMultiple
    )
    siblings = forms.IntegerField(
        label=_("Frères et sœurs déjà inscrits à la même activité"), required=False, min_value=0, max_value=9
    )
    member = forms.BooleanField(label=_("A l’adhésion demandée"), required=False)
    records = forms.BooleanField(label=_("Ses fiches sont remplies et à jour"), required=False)
    approved = forms.BooleanField(label=_("Ses demandes d’approbation et de soutien sont acceptées"), required=False)

    def __init__(self, data: Any, *, prices: Prices, is_catalogue: bool) -> None:
        super().__init__(data)
        bands = [(each.key, in_language(each.label)) for each in prices.income_bands]
        subsidies = [(each.key, in_language(each.label)) for each in prices.subsidies]
        self.fields["income_band"].choices = [("", _("Aucune")), *bands]  # type: ignore[attr-defined]
        self.fields["subsidies"].choices = subsidies  # type: ignore[attr-defined]
        unasked = [name for name, known in (("income_band", bands), ("subsidies", subsidies)) if not known]
        for name in [*unasked, *(["siblings"] if is_catalogue else [])]:
            del self.fields[name]

    def described(self, at: datetime, zone: ZoneInfo) -> MadeUp:
        """Only after `is_valid`."""
        said = self.cleaned_data
        return MadeUp(
            first_name=str(_FIRST_NAME),
            birth_date=said["birth_date"] or _born(said["age"], clock.local_date(at, zone)),
            level=said["level"],
            establishment=said["establishment"],
            postal_code=said["postal_code"],
            residence=said["residence"],
            is_member=said["member"],
            siblings=said.get("siblings") or 0,
            income_band=said.get("income_band", ""),
            subsidies=tuple(said.get("subsidies", ())),
        )

    @property
    def assumed(self) -> set[Code]:
        said = self.cleaned_data
        found = trial_results.RECORDS if said["records"] else frozenset()
        return {*found, *((trial_results.ANSWERS | trial_results.SUPPORT) if said["approved"] else ())}


def _born(age: int | None, today: date) -> date | None:
    """Who turned that age on that very day."""
    if age is None:
        return None
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        return today.replace(year=today.year - age, day=28) + timedelta(days=1)
