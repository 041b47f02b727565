"""Who is invited, what they will do, and where."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.lines import LineField
from tenant_apps.organisation.models import PLACED, Establishment, Role, StaffMember

EXPLAINED: dict[str, str | Promise] = {
    Role.OWNER: gettext_lazy("Tout, et seul à nommer d’autres propriétaires. Signe le départ de l’organisation."),
    Role.ADMINISTRATOR: gettext_lazy("Tout, sauf ce qui touche aux propriétaires."),
    Role.FINANCE: gettext_lazy("Paiements, remboursements, comptabilité, tarifs. Ni fiches santé ni familles."),
    Role.PROGRAMME_MANAGER: gettext_lazy("Activités, inscriptions et familles de tous les établissements."),
    Role.SECRETARY: gettext_lazy("Activités, inscriptions et familles de ses établissements."),
    Role.GROUP_LEADER: gettext_lazy("Les listes de présence de ses établissements, avec les allergies."),
    Role.AUDITOR: gettext_lazy("Lit les comptes et les dossiers. Ne change rien."),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), widget=forms.RadioSelect)
    establishments = forms.ModelMultipleChoiceField(
        Establishment.objects.none(),
        label=gettext_lazy("Établissements"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Pour le secrétariat et l’animation\u202f: les seuls qu’ils voient."),
    )

    def __init__(self, data: QueryDict | None = None, *, makes_owners: bool, **more: Any) -> None:
        super().__init__(data, **more)
        roles = [role for role in Role if makes_owners or role != Role.OWNER]
        self.fields["role"].choices = [(role.value, _said(role)) for role in roles]  # type: ignore[attr-defined]
        self.fields["establishments"].queryset = Establishment.objects.all()  # type: ignore[attr-defined]
        if not Establishment.objects.exists():
            del self.fields["establishments"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("role") in PLACED and "establishments" in said and not said["establishments"]:
            self.add_error("establishments", _("Cochez au moins un établissement\u202f: ce rôle ne voit qu’eux."))
        return said

    def told(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "establishments": list(said.get("establishments", ()))}


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=gettext_lazy("Courriel"),
        max_length=254,
        help_text=gettext_lazy("L’invitation y est envoyée. Préférez une adresse de travail, propre à la personne."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = LineField(
        label=gettext_lazy("Prénom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    last_name = LineField(
        label=gettext_lazy("Nom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "first_name", "last_name", "role", "establishments")


def initial_of(member: StaffMember) -> dict[str, Any]:
    return {"role": member.role, "establishments": list(member.establishments.all())}


def _said(role: Role) -> str:
    return format_html("<strong>{}</strong><br>{}", role.label, EXPLAINED[role])
