"""The forms of the organisation's price tables: each reads an entry as it is kept, and gives it back so."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.amounts import CentsField
from tenant_apps.office.catalogue import languages

# The classes that an offering may be of, but for those that bear no tax.
TAXED = [
    ("goods", gettext_lazy("Biens\u202f: repas, articles, campagnes")),
    ("programme", gettext_lazy("Activités, cours et camps qui ne sont pas exonérés")),
]
_MOST_CODES = 500
_POSTAL_CODE = re.compile(r"[A-Z0-9]{1,10}\*?")


class ResidenceForm(forms.Form):
    postal_codes = forms.CharField(
        label=gettext_lazy("Codes postaux"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Un par ligne, ou séparés par des virgules. Une étoile vaut pour tous ceux qui commencent ainsi\u202f: "
            "G1R*."
        ),
    )
    asks_proof = forms.BooleanField(
        label=gettext_lazy("Demander une preuve de résidence"),
        required=False,
        help_text=gettext_lazy("Seules les familles dont la preuve est acceptée ont le prix des résidents."),
    )
    proof_months = forms.IntegerField(
        label=gettext_lazy("Durée de validité d’une preuve, en mois"), min_value=1, max_value=120
    )

    def clean_postal_codes(self) -> list[str]:
        typed = re.split(r"[,;\n]", self.cleaned_data["postal_codes"])
        codes = list(dict.fromkeys(re.sub(r"[\s-]", "", each).upper() for each in typed if each.strip()))
        if wrong := [code for code in codes if not _POSTAL_CODE.fullmatch(code)]:
            raise forms.ValidationError(_("Ce n’est pas un code postal\u202f: %(value)s") % {"value": wrong[0]})
        if len(codes) > _MOST_CODES:
            told = _("Au plus %(count)s codes. Utilisez l’étoile pour un secteur.") % {"count": _MOST_CODES}
            raise forms.ValidationError(told)
        return codes

    @classmethod
    def initial_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        codes = "\n".join(kept.get("postal_codes", []))
        return {"proof_months": 12, **kept, "postal_codes": codes}

    @property
    def row(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RowForm(forms.Form):
    """An entry of a list, known by a key that never changes: the slug of its first French name."""

    key_name: ClassVar[str] = "key"
    label = forms.CharField(
        label=gettext_lazy("Nom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, kept: Mapping[str, Any] | None, others: Mapping[str, str]
    ) -> None:
        super().__init__(data, initial=self.initial_of(kept) if kept else {})
        self.others = others
        self.key = str(kept[self.key_name]) if kept else ""
        languages.add_fields(self, "label", others, kept=kept["label"] if kept else "")
        self.order_fields(["label", *(f"label_{code}" for code in others)])

    @classmethod
    def initial_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in kept.items() if name != "label"}

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        if not slugify(label):
            raise forms.ValidationError(_("Ce nom doit avoir au moins une lettre ou un chiffre."))
        return label

    @property
    def row(self) -> dict[str, Any]:
        label = languages.words(self.cleaned_data, "label", self.others)
        return {self.key_name: self.key or slugify(self.cleaned_data["label"])[:40], "label": label, **self.own()}

    def own(self) -> dict[str, Any]:
        """What the entry says beside its name."""
        return {}


class NamedForm(RowForm):
    """An income band or a subsidy: what it is worth is said by each offering."""


class FamilyForm(RowForm):
    discounts = forms.CharField(
        label=gettext_lazy("Réduction du 1er, du 2e, du 3e enfant…, en pour cent"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Séparées par des points-virgules\u202f: «\u202f0\u202f; 10\u202f; 20\u202f». La dernière vaut pour "
            "tous les suivants. Aucune ne peut être plus petite que celle d’avant."
        ),
    )
    cap = CentsField(
        label=gettext_lazy("Plafond par famille"),
        required=False,
        help_text=gettext_lazy("Le plus qu’une famille paie pour tous ses enfants. Laissez vide s’il n’y en a pas."),
    )

    @classmethod
    def initial_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        discounts = " ; ".join(_plain(each) for each in kept.get("discounts", [0]))
        return {"discounts": discounts, "cap": kept.get("cap_cents")}

    def clean_discounts(self) -> list[str]:
        typed = [each.strip().removesuffix("%").strip() for each in self.cleaned_data["discounts"].split(";")]
        try:
            rates = [Decimal(each.replace(",", ".")) for each in typed]
        except ArithmeticError:
            raise forms.ValidationError(
                _("Écrivez des nombres séparés par des points-virgules\u202f: «\u202f0\u202f; 10\u202f; 20\u202f».")
            ) from None
        if len(rates) > 20 or any(not _is_discount(each) for each in rates):
            raise forms.ValidationError(_("Une réduction est entre 0 et 100\u202f%, et il y en a au plus vingt."))
        if rates != sorted(rates):
            raise forms.ValidationError(_("Aucune réduction ne peut être plus petite que celle d’avant."))
        return [_plain(each) for each in rates]

    def own(self) -> dict[str, Any]:
        return {"discounts": self.cleaned_data["discounts"], "cap_cents": self.cleaned_data["cap"]}


class TaxForm(RowForm):
    key_name = "code"
    rate = forms.DecimalField(
        label=gettext_lazy("Taux, en pour cent"),
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Numéro d’inscription"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Il est écrit sur les reçus."),
    )
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Activités taxées"), choices=TAXED, widget=forms.CheckboxSelectMultiple
    )
    is_included = forms.BooleanField(
        label=gettext_lazy("Les prix affichés comprennent déjà cette taxe"), required=False
    )
    from_on = forms.DateField(
        label=gettext_lazy("En vigueur à partir du"), required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )
    until_on = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=gettext_lazy("Ce jour-là compris. Laissez vide si elle est toujours en vigueur."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("La fin vient avant le début."))
        return said

    def own(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "rate": _plain(said["rate"]),
            "number": said["number"],
            "classes": sorted(said["classes"]),
            "is_included": said["is_included"],
            "from_on": said["from_on"].isoformat() if said["from_on"] else "",
            "until_on": said["until_on"].isoformat() if said["until_on"] else "",
        }


FORMS: dict[str, type[RowForm]] = {
    "taxes": TaxForm,
    "families": FamilyForm,
    "income_bands": NamedForm,
    "subsidies": NamedForm,
}


def _is_discount(percent: Decimal) -> bool:
    """A few decimals at most: « 1e-999999 » is a number too."""
    return percent.is_finite() and 0 <= percent <= 100 and -6 <= int(percent.as_tuple().exponent) <= 2


def _plain(number: Any) -> str:
    """Without the zeros that say nothing: « 10 », « 9.975 »."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
