"""What staff say of an opening: its name, when it is, what opens there, and how turns are taken."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from shared_apps.design.lines import LineField
from tenant_apps.catalog.models import Offering
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.office.editor.forms.moments import MomentField
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.openings.terms import terms_of

NUMBERS = ("at_once", "most_per_second", "pass_minutes", "counter_share", "confirm_hours")
_COLUMNS = ("name", "mode", "gathers_from", "opens_at")


class OpeningForm(TranslatedForm):
    translated = ("name",)

    name = LineField(
        label=gettext_lazy("Nom"),
        max_length=120,
        help_text=gettext_lazy("Les familles le lisent\u202f: «\u202fCamps de jour de l’été\u202f»."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Comment les places sont-elles données\u202f?"),
        widget=forms.RadioSelect,
        choices=[
            (
                Mode.QUEUE,
                gettext_lazy("File d’attente\u202f: à l’heure dite, l’ordre est tiré au sort, puis chacun a son tour"),
            ),
            (
                Mode.LOTTERY,
                gettext_lazy("Tirage au sort\u202f: chacun dit ses souhaits d’avance, puis les places sont tirées"),
            ),
        ],
    )
    offerings = forms.ModelMultipleChoiceField(
        Offering.objects.none(),
        label=gettext_lazy("Ce qui ouvre à ce moment"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Seules les activités à venir, qui ne sont d’aucune autre ouverture."),
    )
    gathers_from = MomentField(
        label=gettext_lazy("Les familles se préparent à partir du"),
        help_text=gettext_lazy(
            "Elles remplissent leurs fiches et disent leurs souhaits. Laissez-leur au moins une semaine."
        ),
    )
    opens_at = MomentField(
        label=gettext_lazy("Jour et heure de l’ouverture"),
        help_text=gettext_lazy("À l’heure de votre organisation. Pour un tirage, c’est la fin des souhaits."),
    )
    at_once = forms.IntegerField(
        label=gettext_lazy("Familles qui choisissent en même temps, au plus"),
        min_value=1,
        max_value=5000,
        help_text=gettext_lazy("Les autres attendent leur tour. La valeur proposée convient à la plupart."),
    )
    most_per_second = forms.FloatField(
        label=gettext_lazy("Familles appelées par seconde, au plus"),
        min_value=0,
        max_value=200,
        help_text=gettext_lazy("Le système ralentit de lui-même s’il peine. Zéro n’appelle personne."),
    )
    pass_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes pour choisir, une fois son tour venu"),
        min_value=2,
        max_value=240,
        help_text=gettext_lazy("Ce qui est dans le panier reste gardé ensuite\u202f: payer ne presse pas."),
    )
    counter_share = forms.IntegerField(
        label=gettext_lazy("Part des tours pour le comptoir et le téléphone, en pour cent"),
        min_value=0,
        max_value=50,
        help_text=gettext_lazy("Pour les familles sans internet, tant qu’il y en a qui attendent."),
    )
    confirm_hours = forms.IntegerField(
        label=gettext_lazy("Heures pour confirmer une place tirée"),
        min_value=1,
        max_value=24 * 60,
        help_text=gettext_lazy("Après ce délai, la place va à la liste d’attente."),
    )

    @classmethod
    def of(cls, opening: Opening | None, data: Any, *, languages: Mapping[str, str]) -> "OpeningForm":
        terms = terms_of(opening or Opening())
        numbers = {name: getattr(terms, name) for name in NUMBERS}
        columns = {name: getattr(opening, name) for name in _COLUMNS} if opening else {"mode": Mode.QUEUE}
        chosen = list(opening.offerings.all()) if opening else []
        initial = {**numbers, **columns, "offerings": chosen}
        translations = opening.translations if opening else {}
        form = cls(data, languages=languages, translations=translations, initial=initial)
        if opening and opening.opens_at <= clock.now():
            # From here on the buttons of the board say it: a page that was open since before would undo them.
            del form.fields["most_per_second"]
        return form

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("gathers_from"), said.get("opens_at")
        if first and last and first > last:
            self.add_error("gathers_from", _("Les familles se préparent avant l’ouverture, pas après."))
        return said

    def columns(self) -> dict[str, Any]:
        """With those of the terms that are said here."""
        said = self.cleaned_data
        terms = {name: said[name] for name in NUMBERS if name in said}
        return {**{name: said[name] for name in _COLUMNS}, "translations": self.translations(), "terms": terms}
