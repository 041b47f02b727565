"""What staff type about a family: identity, rights, weeks, reasons, addresses."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tenant_apps.families import custody
from tenant_apps.families.custody import Period, Weeks
from tenant_apps.families.models import Guardian, Guardianship, GuardianshipRole, Participant, PriceCategory
from tenant_apps.families.rights import Rights
from tenant_apps.organisation.models import Establishment, Level

_MOST_PERIODS = 12


class IdentityForm(forms.Form):
    last_name = forms.CharField(label=_("Nom"), max_length=100)
    first_name = forms.CharField(label=_("Prénom"), max_length=100)
    used_name = forms.CharField(
        label=_("Prénom usuel"),
        required=False,
        max_length=100,
        help_text=_("Celui que la famille et le personnel voient, s’il n’est pas le prénom légal."),
    )
    birth_date = forms.DateField(label=_("Date de naissance"), required=False, widget=forms.DateInput)
    student_number = forms.CharField(label=_("Numéro"), required=False, max_length=40)
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(), label=_("Établissement"), required=False, empty_label=_("Aucun")
    )
    level = forms.ModelChoiceField(Level.objects.all(), label=_("Niveau"), required=False, empty_label=_("Aucun"))
    price_category = forms.ChoiceField(label=_("Catégorie de tarif"), required=False, choices=PriceCategory.choices)

    def __init__(self, data: QueryDict | None, *, participant: Participant, establishments: Any) -> None:
        super().__init__(data, initial={name: getattr(participant, name) for name in self.base_fields})
        self.fields["establishment"].queryset = establishments  # type: ignore[attr-defined]

    def columns(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        establishment, level = said.pop("establishment"), said.pop("level")
        return {
            **said,
            "establishment_id": establishment.pk if establishment else None,
            "level_id": level.pk if level else None,
        }


class RightsForm(forms.Form):
    role = forms.ChoiceField(label=_("Lien avec l’enfant"), choices=GuardianshipRole.choices)
    may_enrol = forms.BooleanField(label=_("Peut inscrire"), required=False)
    may_see_health = forms.BooleanField(label=_("Peut voir et remplir la fiche santé"), required=False)
    may_pay = forms.BooleanField(label=_("Peut payer"), required=False)

    @classmethod
    def of(cls, data: Any, link: Guardianship) -> "RightsForm":
        return cls(data, initial={name: getattr(link, name) for name in cls.base_fields})

    def rights(self, periods: list[Period]) -> Rights:
        said = self.cleaned_data
        return Rights(
            may_enrol=said["may_enrol"],
            may_see_health=said["may_see_health"],
            may_pay=said["may_pay"],
            custody=custody.as_data(periods),
        )


class PeriodForm(forms.Form):
    weeks = forms.ChoiceField(
        label=_("Semaines"),
        required=False,
        choices=[
            ("", _("Aucune")),
            (Weeks.ALL.value, _("Toutes")),
            (Weeks.EVEN.value, _("Semaines paires")),
            (Weeks.ODD.value, _("Semaines impaires")),
        ],
    )
    since = forms.DateField(label=_("Du"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("Jusqu’au"), required=False, widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("La fin vient avant le début."))
        if (since or until) and not said.get("weeks"):
            self.add_error("weeks", _("Choisissez quelles semaines."))
        return said


class _Periods(forms.BaseFormSet):  # type: ignore[type-arg]
    def periods(self) -> list[Period]:
        said = [form.cleaned_data for form in self.forms if form.cleaned_data.get("weeks")]
        return [Period(each["since"], each["until"], Weeks(each["weeks"])) for each in said]


PeriodFormSet = forms.formset_factory(
    PeriodForm, formset=_Periods, extra=2, max_num=_MOST_PERIODS, validate_max=True, absolute_max=_MOST_PERIODS
)


def periods_of(data: Any, link: Guardianship | None) -> _Periods:
    known = custody.read(link.custody) if link else []
    initial = [{"weeks": each.weeks.value, "since": each.since, "until": each.until} for each in known]
    return cast(_Periods, PeriodFormSet(data, initial=initial, prefix="custody"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Raison"), max_length=200, strip=True)


class HealthReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi consultez-vous ces réponses\u202f?"),
        max_length=200,
        strip=True,
        help_text=_("La raison et votre nom sont consignés\u202f: la famille peut les voir."),
    )


class AdultForm(forms.Form):
    email = forms.EmailField(label=_("Courriel"))
    last_name = forms.CharField(label=_("Nom"), max_length=100)
    first_name = forms.CharField(label=_("Prénom"), max_length=100)
    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=40)
    invite = forms.BooleanField(
        label=_("Envoyer une invitation à ouvrir un compte"),
        required=False,
        initial=True,
        help_text=_("Rien n’est envoyé à qui a déjà un compte."),
    )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Nom, courriel ou numéro"), required=False, max_length=100, strip=True)


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("Courriel"))


class BillingForm(forms.Form):
    is_billable = forms.BooleanField(label=_("Peut être facturé, inscrire et payer"), required=False)
    receives_slips = forms.BooleanField(label=_("Reçoit les attestations et relevés fiscaux"), required=False)

    @classmethod
    def of(cls, data: Any, guardian: Guardian) -> "BillingForm":
        return cls(data, initial={name: getattr(guardian, name) for name in cls.base_fields})
