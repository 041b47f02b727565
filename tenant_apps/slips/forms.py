"""What staff say of slips: of an offering whether it is care, and of a payee who issues them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError as Invalid

from shared_apps.design.amounts import CentsField
from tenant_apps.slips import issuers
from tenant_apps.slips.models import SlipKind

_CHILDCARE = "childcare"
_HALVES = [
    ("up", _("Arrondies vers le haut\u202f: trois demi-journées font deux jours")),
    ("down", _("Arrondies vers le bas\u202f: trois demi-journées font un jour")),
    ("whole", _("Chaque demi-journée compte pour un jour")),
]
_FILES = [("BCTEST", _("Essai (BCTEST)")), ("BELCOTAX", _("Envoi réel (BELCOTAX)"))]
_LANGUAGES = [("2", _("Français")), ("1", _("Néerlandais")), ("3", _("Allemand"))]


class OfferingSlipsForm(forms.Form):
    """Of an offering: `Offering.slips`."""

    is_childcare = forms.BooleanField(
        label=_("Donne droit à une attestation de frais de garde"),
        required=False,
        help_text=_("Les choix qui ont des dates seulement\u202f: un vêtement ou un repas n’y donne pas droit."),
    )
    ineligible_cents = CentsField(
        label=_("Part qui ne donne pas droit, par inscription"),
        required=False,
        help_text=_("Repas, supplément de sortie ou frais de dossier compris dans le prix."),
    )
    overnight = forms.BooleanField(label=_("Avec hébergement"), required=False)
    half_days = forms.BooleanField(label=_("Chaque jour est une demi-journée"), required=False)

    @staticmethod
    def initial_of(slips: Mapping[str, Any]) -> dict[str, Any]:
        return {**slips, "is_childcare": slips.get("kind") == _CHILDCARE}

    def data_to_keep(self) -> dict[str, Any]:
        """Only after `is_valid`; nothing where the offering is no care."""
        said = self.cleaned_data
        if not said["is_childcare"]:
            return {}
        return {
            "kind": _CHILDCARE,
            "ineligible_cents": said["ineligible_cents"] or 0,
            "overnight": said["overnight"],
            "half_days": said["half_days"],
        }


class IssuerForm(forms.Form):
    """Of a payee: `Payee.slips`."""

    kinds = forms.MultipleChoiceField(
        label=_("Attestations à produire"),
        required=False,
        choices=SlipKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=_("Numéro d’entreprise (BCE ou NEQ)"), required=False, max_length=20)
    street = forms.CharField(label=_("Rue et numéro"), required=False, max_length=200)
    postal_code = forms.CharField(label=_("Code postal"), required=False, max_length=12)
    city = forms.CharField(label=_("Localité"), required=False, max_length=60)
    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=40)
    email = forms.EmailField(label=_("Courriel"), required=False, max_length=44)
    signatory = forms.CharField(
        label=_("Signataire"), required=False, max_length=120, help_text=_("Son nom et sa fonction.")
    )
    certification = forms.CharField(
        label=_("Code de certification ou d’autorisation"),
        required=False,
        max_length=2,
        help_text=_("Cadre I de l’attestation 281.86. Laissez vide s’il ne doit pas être rempli."),
    )
    certifier_name = forms.CharField(label=_("Organisme certificateur"), required=False, max_length=59)
    certifier_number = forms.CharField(label=_("Son numéro BCE"), required=False, max_length=20)
    certifier_street = forms.CharField(label=_("Sa rue et son numéro"), required=False, max_length=200)
    certifier_postal_code = forms.CharField(label=_("Son code postal"), required=False, max_length=12)
    certifier_city = forms.CharField(label=_("Sa localité"), required=False, max_length=60)
    certified_from = forms.DateField(label=_("Certification valable du"), required=False, widget=forms.DateInput)
    certified_until = forms.DateField(label=_("Certification valable jusqu’au"), required=False, widget=forms.DateInput)
    file_kind = forms.ChoiceField(label=_("Fichier Belcotax"), choices=_FILES, initial="BCTEST", required=False)
    half_days = forms.ChoiceField(label=_("Demi-journées"), choices=_HALVES, initial="up", required=False)
    shows_rate = forms.BooleanField(label=_("Montrer le tarif journalier"), required=False, initial=True)
    language = forms.ChoiceField(label=_("Langue du fichier"), choices=_LANGUAGES, initial="2", required=False)
    ceiling_year = forms.IntegerField(label=_("Année du plafond"), required=False, min_value=2021, max_value=2100)
    ceiling_cents = CentsField(
        label=_("Plafond par jour et par enfant"),
        required=False,
        help_text=_("Il est dit sur l’attestation\u202f; il ne réduit aucun montant."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ceilings: dict[str, int] = dict((self.initial or {}).get("ceilings", {}))

    @staticmethod
    def initial_of(slips: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in slips.items() if value not in ("", None)}
        latest = max(slips.get("ceilings", {}), default="")
        if latest:
            said |= {"ceiling_year": int(latest), "ceiling_cents": slips["ceilings"][latest]}
        return said

    def clean_certifier_number(self) -> str:
        return _enterprise(self.cleaned_data["certifier_number"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if SlipKind.FORM_281_86 in said.get("kinds", []):
            try:
                said["number"] = _enterprise(said.get("number", ""), is_required=True)
            except forms.ValidationError as error:
                self.add_error("number", error)
        if bool(said.get("ceiling_year")) != (said.get("ceiling_cents") is not None) and not self.errors:
            self.add_error("ceiling_year", _("Écrivez l’année et le plafond, ou ni l’un ni l’autre."))
        return said

    def data_to_keep(self) -> dict[str, Any]:
        """Only after `is_valid`. The ceilings of other years stay."""
        said = dict(self.cleaned_data)
        year, cents = said.pop("ceiling_year"), said.pop("ceiling_cents")
        ceilings = {**self._ceilings, **({str(year): cents} if year else {})}
        days = {name: said[name].isoformat() if said[name] else "" for name in ("certified_from", "certified_until")}
        file_kind = said["file_kind"] or issuers.FILE_KINDS[0]
        return {
            **said,
            **days,
            "file_kind": file_kind,
            "half_days": said["half_days"] or issuers.HALF_DAYS[0],
            "language": said["language"] or "2",
            "ceilings": ceilings,
        }


def _enterprise(written: str, *, is_required: bool = False) -> str:
    if not written and not is_required:
        return ""
    try:
        return str(vat.validate(written))
    except Invalid:
        raise forms.ValidationError(
            _("Vérifiez ce numéro d’entreprise\u202f: il s’écrit comme 0202.239.951."), code="invalid"
        ) from None
