"""The catalogue's filters as a form whose address can be shared (S1-26), each setting with what it would leave."""

from collections.abc import Hashable, Iterable, Sequence

from django import forms
from django.utils.translation import gettext as _

from tenant_apps.catalog.facets import Counts
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Nature
from tenant_apps.catalog.queries import Choices
from tenant_apps.families.models import Participant
from tenant_apps.organisation.rules import Rules

# How an address names what is no filter of its own name.
PARAMETERS = {"from_on": "from", "until_on": "until", "open_only": "open"}
Settings = Iterable[tuple[str, str]]


class FilterForm(forms.Form):
    """Only shown: what the address says is read by catalog.filters."""

    def __init__(
        self,
        filters: Filters,
        choices: Choices,
        counts: Counts,
        *,
        rules: Rules,
        children: Sequence[Participant],
        child: str,
        shows_all: bool,
        alike: Hashable | None,
    ) -> None:
        said = {PARAMETERS.get(name, name): getattr(filters, name) for name in Filters.__dataclass_fields__}
        super().__init__(initial={**said, "enfant": child, "tous": shows_all})
        # What its fields but the child's vary by, for who keeps them (portal.templatetags.catalogue).
        self.alike = alike
        self._counts = counts
        search = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        self.fields["keywords"] = forms.CharField(label=_("Recherche par mots-clés"), required=False, widget=search)
        self._of_children(children, child)
        self._counted(
            "level",
            rules.label("level", _("Niveau")),
            rules.label("levels", _("Tous les niveaux")),
            ((each.code, str(each)) for each in choices.levels),
        )
        self._counted(
            "establishment",
            rules.label("establishment", _("École")),
            rules.label("establishments", _("Toutes les écoles")),
            ((each.code, each.name) for each in choices.establishments),
        )
        self._counted(
            "category",
            _("Catégorie"),
            _("Toutes les catégories"),
            ((each.slug, str(each)) for each in choices.categories),
        )
        natures = ((each.value, str(each.label)) for each in Nature)
        self._counted("nature", _("Genre"), _("Tous les genres"), self._known("nature", natures))
        tags = sorted({*counts.by_value["tag"], *([filters.tag] if filters.tag else [])})
        self._counted("tag", _("Étiquette"), _("Toutes les étiquettes"), ((tag, tag) for tag in tags))
        self.fields["from"] = forms.DateField(label=_("Du"), required=False)
        self.fields["until"] = forms.DateField(label=_("Au"), required=False)
        open_label = _numbered(_("Inscriptions ouvertes seulement"), counts.of("open_only", "on"))
        self.fields["open"] = forms.BooleanField(label=open_label, required=False)

    def label_of(self, name: str) -> str:
        """Of the filter whose name in `Filters` this is."""
        return str(self.fields[PARAMETERS.get(name, name)].label)

    def _of_children(self, children: Sequence[Participant], child: str) -> None:
        settings = [(str(each.id), str(each)) for each in children]
        self._choice("enfant", _("Pour mon enfant"), _("Tous mes enfants"), settings)
        if child:
            label = _("Montrer aussi ce qui n’est pas pour lui ou elle")
            self.fields["tous"] = forms.BooleanField(label=label, required=False)

    def _known(self, name: str, settings: Settings) -> Settings:
        """Those that are in the list at all, where there are several, and the one that was chosen."""
        present = {*self._counts.by_value[name], self.initial[name]} - {""}
        is_telling = len(present) > 1 or self.initial[name]
        return [(value, label) for value, label in settings if is_telling and value in present]

    def _counted(self, name: str, label: str, everything: str, settings: Settings) -> None:
        counted = [(value, _numbered(shown, self._counts.of(name, value))) for value, shown in settings]
        self._choice(name, label, everything, counted)

    def _choice(self, name: str, label: str, everything: str, settings: Sequence[tuple[str, str]]) -> None:
        if settings or self.initial.get(name):
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", everything), *settings])


def _numbered(label: object, number: int) -> str:
    return _("%(label)s (%(number)s)") % {"label": label, "number": number}
