"""« Intégrer à votre site »: the code that puts the list of activities on a page of the organisation's own (S1-02)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.accounts.access import staff
from tenant_apps.catalog.models import Category, Nature
from tenant_apps.office.pages import page
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Establishment, Level
from tenant_apps.organisation.rules import read

_USUAL, _MOST = 12, 50


class IntegrationForm(forms.Form):
    """Its fields are named as the filters of an address are; `nombre` is how many the list shows at most."""

    open = forms.BooleanField(label=gettext_lazy("Inscriptions ouvertes seulement"), required=False)
    nombre = forms.IntegerField(
        label=gettext_lazy("Nombre d’activités au plus"), required=False, min_value=1, max_value=_MOST
    )
    field_order = ("ecole", "level", "category", "nature", "open", "nombre")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"nombre": _USUAL}
        rules = read(profile_of(request).rules)
        places = Establishment.objects.values_list("code", "name")
        self._choice("ecole", rules.label("establishment", _("École")), places)
        levels = [(each.code, str(each)) for each in Level.objects.all()]
        self._choice("level", rules.label("level", _("Niveau")), levels)
        self._choice("category", _("Catégorie"), [(each.slug, str(each)) for each in Category.objects.all()])
        self._choice("nature", _("Genre"), [(each.value, str(each.label)) for each in Nature])
        self.order_fields(self.field_order)

    def _choice(self, name: str, label: str, choices: Any) -> None:
        if choices:
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", _("Tous")), *choices])

    def chosen(self) -> dict[str, str]:
        """What was asked for, as an address and a script say it; what cannot be read is left out."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        told = {name: "on" if value is True else str(value) for name, value in said.items() if value}
        return {name: told[name] for name in self.fields if name in told}


@staff()
def integration(request: HttpRequest) -> HttpResponse:
    form = IntegrationForm(request.GET or None, request=request)
    chosen = form.chosen() if form.is_bound else {}
    filters = {name: value for name, value in chosen.items() if name != "nombre"}
    link = request.build_absolute_uri(reverse("catalogue") + (f"?{urlencode(filters)}" if filters else ""))
    script_url = request.build_absolute_uri(reverse("integration_script"))
    attributes = format_html_join("", ' data-{}="{}"', chosen.items())
    snippet = format_html(
        '<script src="{}"{} async></script>\n<noscript><a href="{}">{}</a></noscript>',
        script_url,
        attributes,
        link,
        _("Voir les activités"),
    )
    context = {
        "form": form,
        # Text to copy: no longer the markup that it is.
        "snippet": "".join([snippet]),
        "link": link,
        "script_url": script_url,
        "data": list(chosen.items()),
    }
    return page(request, "office/integration.html", context, section="offerings")
