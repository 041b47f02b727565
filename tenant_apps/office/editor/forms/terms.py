"""How it is paid: the family's discount, the tax, what is given back, to whom and in how much time."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from tenant_apps.catalog.models import Checkout, Offering
from tenant_apps.catalog.pricing.taxes import PROGRAMME
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.prices import Prices

TAX_CLASSES = [
    ("", gettext_lazy("Aucune taxe")),
    (PROGRAMME, gettext_lazy("Programme pour enfants (exonéré jusqu’à 14 ans)")),
    ("goods", gettext_lazy("Articles et services taxables")),
    ("exempt", gettext_lazy("Exonéré")),
]
_PRICING = ("family", "tax", "overnight")


class TermsForm(TranslatedForm):
    translated = ("refund_policy",)

    payee = forms.ModelChoiceField(
        Payee.objects.order_by("name"), label=gettext_lazy("Compte de paiement"), empty_label=None
    )
    family = forms.ChoiceField(label=gettext_lazy("Rabais de famille"), required=False)
    tax = forms.ChoiceField(label=gettext_lazy("Taxes"), required=False, choices=TAX_CLASSES)
    overnight = forms.BooleanField(
        label=gettext_lazy("Les enfants dorment sur place"),
        required=False,
        help_text=gettext_lazy("Un programme avec hébergement est taxable à tout âge."),
    )
    refund_policy = forms.CharField(
        label=gettext_lazy("Remboursement"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Les familles lisent ce texte sur la page de l’activité."),
    )
    checkout = forms.ChoiceField(label=gettext_lazy("Comment paie-t-on\u202f?"), choices=Checkout.choices)

    @classmethod
    def of(cls, offering: Offering, data: Any, *, languages: Mapping[str, str], prices: Prices) -> "TermsForm":
        now = {name: getattr(offering, name) for name in ("payee", "refund_policy", "checkout")}
        now |= {name: offering.pricing.get(name) for name in _PRICING}
        form = cls(data, languages=languages, translations=offering.translations, initial=now)
        schemes = [(each.key, in_language(each.label)) for each in prices.families]
        form.fields["family"].choices = [("", gettext_lazy("Aucun")), *schemes]  # type: ignore[attr-defined]
        has_programme = _has_programme(offering, prices)
        if not prices.taxes:
            del form.fields["tax"]
        elif not has_programme:
            others = [(key, label) for key, label in TAX_CLASSES if key != PROGRAMME]
            form.fields["tax"].choices = others  # type: ignore[attr-defined]
        if not prices.taxes or not has_programme:
            del form.fields["overnight"]
        # One that the tables lost is shown as none: saving takes it away.
        if not schemes and not offering.pricing.get("family"):
            del form.fields["family"]
        return form

    def columns(self, pricing: Mapping[str, Any]) -> dict[str, Any]:
        """`pricing` as it is: its rules are written one by one, elsewhere."""
        said = self.cleaned_data
        asked = [name for name in _PRICING if name in self.fields]
        kept = {name: value for name, value in pricing.items() if name not in asked}
        return {
            **{name: said[name] for name in ("payee", "checkout")},
            "refund_policy": said["refund_policy"].replace("\r\n", "\n"),
            "pricing": {**kept, **{name: said[name] for name in asked if said[name]}},
            "translations": self.translations(),
        }


def _has_programme(offering: Offering, prices: Prices) -> bool:
    """Whether a tax tells programmes for children from other services; an offering keeps what it says already."""
    return offering.pricing.get("tax") == PROGRAMME or any(PROGRAMME in tax.classes for tax in prices.taxes)
