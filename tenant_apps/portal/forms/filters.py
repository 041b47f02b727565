"""The catalogue's filters as a form whose address can be shared (S1-26)."""

from django import forms
from django.utils.translation import gettext as _

from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.queries import Facets


class FilterForm(forms.Form):
    """Only shown: what the address says is read by catalog.filters."""

    def __init__(self, filters: Filters, facets: Facets) -> None:
        super().__init__(
            initial={
                "keywords": filters.keywords,
                "level": filters.level,
                "establishment": filters.establishment,
                "category": filters.category,
                "from": filters.from_on,
                "until": filters.until_on,
                "open": filters.open_only,
            }
        )
        search = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        self.fields["keywords"] = forms.CharField(label=_("Recherche par mots-clés"), required=False, widget=search)
        levels = [(level.code, level.name) for level in facets.levels]
        establishments = [(each.code, each.name) for each in facets.establishments]
        categories = [(category.slug, category.name) for category in facets.categories]
        for name, label, everything, choices in (
            ("level", _("Niveau"), _("Tous les niveaux"), levels),
            ("establishment", _("École"), _("Toutes les écoles"), establishments),
            ("category", _("Catégorie"), _("Toutes les catégories"), categories),
        ):
            if choices:
                self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])
        self.fields["from"] = forms.DateField(label=_("Du"), required=False)
        self.fields["until"] = forms.DateField(label=_("Au"), required=False)
        self.fields["open"] = forms.BooleanField(label=_("Inscriptions ouvertes seulement"), required=False)
