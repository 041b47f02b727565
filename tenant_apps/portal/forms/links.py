"""What is asked to share the care of a child: an invitation, an answer to a claim, a code of a letter, a pick-up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.families import codes, custody
from tenant_apps.families.custody import Period, Weeks
from tenant_apps.families.models import GuardianshipRole
from tenant_apps.families.rights import Rights
from tenant_apps.families.standing import Standing
from tenant_apps.forms.phone import PhoneField

_ROLES = [(role.value, role.label) for role in GuardianshipRole if role is not GuardianshipRole.SELF]
_DATE_WRITTEN = _("Écrivez la date ainsi\u202f: 2019-06-12.")


class RightsForm(forms.Form):
    """What somebody else will be allowed, never more than who gives it."""

    role = forms.ChoiceField(label=_("Son lien avec l’enfant"), choices=_ROLES, initial=GuardianshipRole.PARENT)
    may_enrol = forms.BooleanField(
        label=_("Peut l’inscrire"),
        required=False,
        initial=True,
        help_text=_("Choisir des activités et répondre aux demandes d’autorisation."),
    )
    may_see_health = forms.BooleanField(
        label=_("Peut voir et compléter ce qui touche à sa santé"), required=False, initial=True
    )
    may_pay = forms.BooleanField(label=_("Peut payer pour ses inscriptions"), required=False, initial=True)

    def __init__(self, data: Mapping[str, Any] | None, *, own: Standing, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in ("may_see_health", "may_pay"):
            if not getattr(own, name):
                del self.fields[name]

    def rights(self) -> Rights:
        said = self.cleaned_data
        return Rights(**{name: said.get(name, False) for name in ("may_enrol", "may_see_health", "may_pay")})


class InvitationForm(RightsForm):
    email = forms.EmailField(
        label=_("Son courriel"),
        max_length=254,
        help_text=_("L’invitation y est envoyée. La personne se connecte ensuite avec l’adresse de son choix."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Écrivez son courriel."),
            "invalid": _("Écrivez un courriel complet, comme nom@exemple.org."),
        },
    )
    weeks = forms.ChoiceField(
        label=_("Ses semaines de garde"),
        choices=[
            ("", _("Aucun partage par semaine")),
            (Weeks.EVEN, _("Les semaines paires\u202f; les impaires sont à moi")),
            (Weeks.ODD, _("Les semaines impaires\u202f; les paires sont à moi")),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Chacun ne réserve alors que dans ses semaines, comptées du lundi au dimanche."),
    )
    since = forms.DateField(
        label=_("À partir du"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _DATE_WRITTEN},
    )
    same_household = forms.BooleanField(
        label=_("Nous habitons ensemble"),
        required=False,
        help_text=_("Cochez si vous partagez la même adresse et les mêmes personnes à joindre."),
    )

    field_order = ["email", "role", "may_enrol", "may_see_health", "may_pay", "weeks", "since", "same_household"]

    def rights(self) -> Rights:
        said = self.cleaned_data
        given = super().rights()
        weeks: list[dict[str, Any]] = []
        if said["weeks"]:
            weeks = custody.as_data([Period(said["since"], None, Weeks(said["weeks"]))])
        return Rights(
            may_enrol=given.may_enrol,
            may_see_health=given.may_see_health,
            may_pay=given.may_pay,
            custody=weeks,
            same_household=said["same_household"],
        )


class LetterForm(forms.Form):
    code = forms.CharField(
        label=_("Code de la lettre"),
        max_length=40,
        help_text=_("Dix lettres et chiffres, comme ABCDE-23456."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez le code de la lettre.")},
    )
    birth_date = forms.DateField(
        label=_("Date de naissance de l’enfant"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"required": _("Écrivez sa date de naissance."), "invalid": _DATE_WRITTEN},
    )

    def clean_code(self) -> str:
        said: str = self.cleaned_data["code"]
        if not codes.hashed(said):
            raise forms.ValidationError(_("Le code a dix lettres et chiffres. Vérifiez-le sur la lettre."))
        return said


class PickUpForm(forms.Form):
    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Écrivez son prénom et son nom.")},
    )
    relation = forms.CharField(
        label=_("Lien avec l’enfant"),
        max_length=60,
        required=False,
        help_text=_("Comme «\u202fgrand-mère\u202f» ou «\u202fvoisin\u202f»."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, territory: str) -> None:
        super().__init__(data)
        self.fields["phone"] = PhoneField(territory=territory, label=_("Téléphone"))
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].error_messages["required"] = _("Écrivez son numéro de téléphone.")
        self.order_fields(["name", "relation", "phone"])

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())
