"""The codes of the general ledger, and the layout of the file that the accounting system reads."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from shared_apps.design.lines import LineField
from tenant_apps.accounting import layouts
from tenant_apps.accounting.layouts import BY_DAY, EACH, FIELDS, Layout
from tenant_apps.orders.models import Account
from tenant_apps.organisation.prices import Tax

SEPARATORS = {
    "semicolon": gettext_lazy("Point-virgule"),
    "comma": gettext_lazy("Virgule"),
    "tab": gettext_lazy("Tabulation"),
    "bar": gettext_lazy("Barre verticale"),
}
DECIMALS = {"comma": gettext_lazy("Virgule\u202f: 12,50"), "point": gettext_lazy("Point\u202f: 12.50")}
DATES = {
    "iso": gettext_lazy("2027-03-31"),
    "day_first": gettext_lazy("31/03/2027"),
    "month_first": gettext_lazy("03/31/2027"),
    "compact": gettext_lazy("20270331"),
}
ENCODINGS = {
    "utf-8-sig": gettext_lazy("UTF-8, pour les tableurs"),
    "utf-8": gettext_lazy("UTF-8, sans marque"),
    "cp1252": gettext_lazy("Windows-1252"),
}
DETAILS = {
    EACH: gettext_lazy("Deux lignes par écriture"),
    BY_DAY: gettext_lazy("Sommes par jour, compte et fonds"),
}


class CodesForm(forms.Form):
    """A code for each account of the ledger, and for each tax. `usual`: what holds where one is left empty."""

    def __init__(
        self,
        data: Any,
        *,
        kept: Mapping[str, str],
        taxes: tuple[Tax, ...],
        usual: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self._kept = kept
        asked = {str(account): str(account.label) for account in Account}
        asked |= {f"tax:{tax.code}": _("Taxe\u202f: %(tax)s") % {"tax": in_language(tax.label)} for tax in taxes}
        for key, label in asked.items():
            said = (usual or {}).get(key, "")
            told = _("Laissez vide pour faire comme votre organisation\u202f: %(value)s.") % {"value": said}
            self.fields[f"code_{key}"] = LineField(
                label=label,
                required=False,
                max_length=40,
                initial=kept.get(key, ""),
                help_text=told if said else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-medium"}),
            )

    def codes(self) -> dict[str, str]:
        """Those of a tax that there is no more stay: rows of the ledger may still name it."""
        said = {name.removeprefix("code_"): code for name, code in self.cleaned_data.items()}
        return {key: code for key, code in {**self._kept, **said}.items() if code}


class LayoutForm(forms.Form):
    detail = forms.ChoiceField(label=gettext_lazy("Détail"), choices=list(DETAILS.items()), widget=forms.RadioSelect)
    columns = forms.CharField(
        label=gettext_lazy("Colonnes, dans l’ordre"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("Une par ligne\u202f: l’intitulé que votre logiciel attend, «\u202f=\u202f», le champ."),
    )
    has_head = forms.BooleanField(label=gettext_lazy("La première ligne dit les intitulés"), required=False)
    separator = forms.ChoiceField(label=gettext_lazy("Séparateur"), choices=list(SEPARATORS.items()))
    decimal = forms.ChoiceField(label=gettext_lazy("Décimales"), choices=list(DECIMALS.items()))
    dates = forms.ChoiceField(label=gettext_lazy("Dates"), choices=list(DATES.items()))
    encoding = forms.ChoiceField(label=gettext_lazy("Caractères"), choices=list(ENCODINGS.items()))

    @staticmethod
    def initial_of(layout: Layout) -> dict[str, Any]:
        names = ("detail", "has_head", "separator", "decimal", "dates", "encoding")
        columns = "\n".join(f"{name or FIELDS[field]} = {field}" for name, field in layout.columns)
        return {**{name: getattr(layout, name) for name in names}, "columns": columns}

    def clean_columns(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["columns"].splitlines() if line.strip()]
        columns = [_column(line) for line in lines]
        if not layouts.says_amounts(each["field"] for each in columns):
            raise forms.ValidationError(
                _("Il manque les montants\u202f: «\u202fdebit\u202f» et «\u202fcredit\u202f», ou «\u202famount\u202f».")
            )
        if len(columns) > 40:
            raise forms.ValidationError(_("Au plus quarante colonnes."))
        return columns

    def layout(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def _column(line: str) -> dict[str, str]:
    name, separator, field = line.rpartition("=")
    field = field.strip()
    if not separator or field not in FIELDS:
        raise forms.ValidationError(
            _("«\u202f%(line)s\u202f»\u202f: écrivez l’intitulé, «\u202f=\u202f», puis un des champs de la liste.")
            % {"line": line.strip()[:60]}
        )
    return {"name": name.strip()[:60], "field": field}
