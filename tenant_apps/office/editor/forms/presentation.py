"""What an offering is: its nature to begin with, then its texts, its picture and where it is found."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.lines import LineField
from shared_apps.design.pictures import BadPicture
from tenant_apps.catalog import pictures
from tenant_apps.catalog.models import Category, Nature, Offering, Season
from tenant_apps.catalog.natures import USUAL
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.office.editor.forms.moments import DayField
from tenant_apps.office.editor.forms.tags import TagsField
from tenant_apps.organisation.models import Establishment, Level, Payee


class BeginningForm(forms.Form):
    """Enough for a draft: all the rest is said afterwards."""

    nature = forms.ChoiceField(label=gettext_lazy("Genre d’activité"), widget=forms.RadioSelect)
    title = LineField(label=gettext_lazy("Titre"), max_length=200)
    payee = forms.ModelChoiceField(
        Payee.objects.order_by("name"),
        label=gettext_lazy("Compte de paiement"),
        empty_label=None,
        help_text=gettext_lazy("À qui les familles paient. Vous pourrez le changer."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["nature"].choices = [  # type: ignore[attr-defined]
            (nature.value, f"{nature.label}\u202f: {usual.hint}") for nature, usual in USUAL.items()
        ]


class PresentationForm(TranslatedForm):
    translated = ("title", "summary", "presentation", "picture_alt")

    nature = forms.ChoiceField(label=gettext_lazy("Genre d’activité"), choices=Nature.choices)
    title = LineField(label=gettext_lazy("Titre"), max_length=200)
    summary = LineField(
        label=gettext_lazy("Résumé"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Une ou deux phrases, en tête de la page et dans les moteurs de recherche."),
    )
    presentation = forms.CharField(
        label=gettext_lazy("Texte aux familles"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "Une ligne vide sépare deux paragraphes\u202f; **important** met en gras\u202f; "
            "un tiret commence une liste."
        ),
    )
    picture = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 10 Mo au plus. Elle est recadrée en largeur."),
    )
    picture_alt = LineField(
        label=gettext_lazy("Ce que montre l’image"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Pour les personnes qui ne la voient pas."),
    )
    removes_picture = forms.BooleanField(label=gettext_lazy("Retirer l’image"), required=False)
    starts_on = DayField(label=gettext_lazy("Premier jour"), required=False)
    ends_on = DayField(label=gettext_lazy("Dernier jour"), required=False)
    season = forms.ModelChoiceField(
        Season.objects.order_by("-starts_on"),
        label=gettext_lazy("Saison"),
        required=False,
        empty_label=gettext_lazy("Aucune"),
    )
    category = forms.ModelChoiceField(
        Category.objects.all(), label=gettext_lazy("Catégorie"), required=False, empty_label=gettext_lazy("Aucune")
    )
    tags = TagsField(
        label=gettext_lazy("Mots-clés"),
        help_text=gettext_lazy("Séparés par des virgules. Les familles peuvent chercher par ces mots."),
    )
    establishments = forms.ModelMultipleChoiceField(
        Establishment.objects.all(),
        label=gettext_lazy("Établissements"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucun coché\u202f: tous."),
    )
    reserved_to_establishments = forms.BooleanField(
        label=gettext_lazy("Réservée aux enfants de ces établissements"), required=False
    )
    levels = forms.ModelMultipleChoiceField(
        Level.objects.all(),
        label=gettext_lazy("Niveaux"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucun coché\u202f: tous."),
    )
    kept_picture = forms.CharField(required=False, widget=forms.HiddenInput)

    drawn: pictures.Drawn | None = None

    @classmethod
    def of(
        cls, offering: Offering, data: Any, files: Any, *, languages: Mapping[str, str], labels: Mapping[str, str]
    ) -> "PresentationForm":
        now = {name: getattr(offering, name) for name in cls.base_fields if hasattr(offering, name)}
        now |= {name: list(getattr(offering, name).all()) for name in ("establishments", "levels")}
        now |= {"tags": ", ".join(offering.tags), "picture": None}
        form = cls(data, files, languages=languages, translations=offering.translations, initial=now)
        if not offering.picture:
            del form.fields["removes_picture"]
        for name, label in labels.items():
            if label:
                form.fields[name].label = label
        return form

    def clean_picture(self) -> None:
        """Drawn here, and kept for the next try where another field is wrong."""
        file, token = self.cleaned_data["picture"], self.data.get("kept_picture", "")
        try:
            self.drawn = pictures.drawn(file) if file else pictures.kept(token)
        except BadPicture as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("La fin vient avant le début."))
        return said

    def keep_picture(self) -> str:
        """What the page asks for it by, once more: a browser does not send a file twice."""
        return pictures.keep(self.drawn) if self.drawn else ""

    def columns(self) -> dict[str, Any]:
        beside = {"picture", "kept_picture", "removes_picture", "establishments", "levels"}
        own = {
            name: said for name, said in self.cleaned_data.items() if name in self.base_fields and name not in beside
        }
        own |= {"presentation": own["presentation"].replace("\r\n", "\n"), "translations": self.translations()}
        if self.drawn:
            own["picture"] = pictures.store(self.drawn)
        elif self.cleaned_data.get("removes_picture"):
            own["picture"] = ""
        return own
