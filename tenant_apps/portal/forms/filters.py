"""The catalogue's filters as a form whose address can be shared (S1-26)."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.queries import Facets
from tenant_apps.families.models import Participant
from tenant_apps.organisation.rules import Rules

Choices = list[tuple[str, str]]


class FilterForm(forms.Form):
    """Only shown: what the address says is read by catalog.filters."""

    def __init__(
        self, filters: Filters, facets: Facets, *, rules: Rules, children: Sequence[Participant], child: str
    ) -> None:
        super().__init__(
            initial={
                "enfant": child,
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
        self._choice(
            "enfant", _("Pour mon enfant"), _("Tous mes enfants"), [(str(each.id), str(each)) for each in children]
        )
        self._choice(
            "level",
            rules.label("level", _("Niveau")),
            rules.label("levels", _("Tous les niveaux")),
            [(level.code, level.name) for level in facets.levels],
        )
        self._choice(
            "establishment",
            rules.label("establishment", _("École")),
            rules.label("establishments", _("Toutes les écoles")),
            [(each.code, each.name) for each in facets.establishments],
        )
        self._choice(
            "category",
            _("Catégorie"),
            _("Toutes les catégories"),
            [(category.slug, category.name) for category in facets.categories],
        )
        self.fields["from"] = forms.DateField(label=_("Du"), required=False)
        self.fields["until"] = forms.DateField(label=_("Au"), required=False)
        self.fields["open"] = forms.BooleanField(label=_("Inscriptions ouvertes seulement"), required=False)

    def _choice(self, name: str, label: str, everything: str, choices: Choices) -> None:
        if choices:
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])
