"""What somebody says to open their organisation, one form a page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing import plans
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.robots_forms import NotARobot
from shared_apps.design.lines import LineField
from tenant_apps.console import kinds
from tenant_apps.console.fields import HostLabelField
from tenants import regions, slugs


class OrganisationForm(forms.Form):
    name = LineField(
        label=_("Nom de votre organisation"),
        help_text=_("Tel que les familles le connaissent."),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label=_("Genre d’organisation"),
        help_text=_("Il donne un point de départ complet\u202f: règles, mots, niveaux et formulaires. Tout se change."),
        choices=kinds.choices,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Langue principale"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Autres langues offertes aux familles"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    # Where the data of a country that is not served here are kept.
    region_address = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", (get_language() or "fr")[:2])

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        try:
            regions.check(kinds.country(kind))
        except regions.NotServedHere as refusal:
            self.region_address = refusal.address
            raise ValidationError(str(refusal)) from None
        return kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        for name in ("language", "languages"):
            said = cleaned.get(name) or []
            for language in [said] if isinstance(said, str) else said:
                self._check_language(kind, language, name)
        return cleaned

    def _check_language(self, kind: str | None, language: str, name: str) -> None:
        try:
            if kind:
                kinds.check_language(kind, language)
        except ValidationError as error:
            if not self.has_error(name):
                self.add_error(name, error)


class AddressForm(forms.Form):
    slug = HostLabelField()

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        try:
            slugs.check_free(slug, at=clock.now())
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return slug


class OwnerForm(forms.Form):
    first_name = LineField(label=_("Prénom"), max_length=100, widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = LineField(label=_("Nom"), max_length=100, widget=forms.TextInput({"autocomplete": "family-name"}))
    email = forms.EmailField(
        label=_("Courriel"),
        help_text=_("Celui de votre travail. Nous y enverrons un code à six chiffres."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = LineField(
        label=_("Téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )


class PlanForm(forms.Form):
    plan = forms.ChoiceField(
        label=_("Votre forfait"),
        choices=lambda: [(plan.code, plans.name_of(plan)) for plan in plans.offered()],
        initial=lambda: next((plan.code for plan in plans.offered()), ""),
        widget=forms.RadioSelect,
    )


class ConditionsForm(NotARobot, forms.Form):
    accepted = forms.BooleanField(label=_("J’ai lu les conditions du service et je les accepte pour mon organisation."))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """People copy spaces along."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise ValidationError(_("Le code a six chiffres."))
        return code
