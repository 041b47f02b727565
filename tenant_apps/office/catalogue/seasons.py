"""Seasons: those that there are, with how much each holds, a new one, and another name or other days."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.lines import LineField
from shared_apps.design.posting import posted
from tenant_apps.catalog.errors import SeasonTaken
from tenant_apps.catalog.models import Season
from tenant_apps.catalog.operations import seasons
from tenant_apps.office.editor.forms.moments import DayField
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES


class SeasonForm(forms.Form):
    name = LineField(label=gettext_lazy("Nom"), max_length=100)
    starts_on = DayField(label=gettext_lazy("Premier jour"))
    ends_on = DayField(label=gettext_lazy("Dernier jour"))

    def __init__(self, data: Any, *, season: Season | None) -> None:
        names = ("name", "starts_on", "ends_on")
        super().__init__(data, initial={name: getattr(season, name) for name in names} if season else {})
        self.season = season

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Season.objects.exclude(pk=self.season.pk) if self.season else Season.objects.all()
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Une autre saison porte déjà ce nom."))
        return name

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("La fin vient avant le début."))
        return said


@staff(*CHANGES)
def listed(request: HttpRequest) -> HttpResponse:
    found = Season.objects.annotate(offerings=Count("offering")).order_by("-starts_on", "name")
    return page(request, "office/catalogue/seasons.html", {"seasons": found}, section="offerings")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, season_id: UUID | None = None) -> HttpResponse:
    """A new one where none is named."""
    known = get_object_or_404(Season, pk=season_id) if season_id else None
    form = SeasonForm(posted(request), season=known)
    if request.method == "POST" and form.is_valid() and _is_saved(request, known, form):
        messages.success(request, _("La saison est enregistrée."))
        return redirect("office:seasons")
    status = 422 if form.errors else 200
    context = {"form": form, "season": known}
    return page(request, "office/catalogue/season.html", context, section="offerings", status=status)


def _is_saved(request: HttpRequest, known: Season | None, form: SeasonForm) -> bool:
    actor, at = actor_of(request), clock.now()
    try:
        if known:
            seasons.change_season(season_id=known.pk, columns=form.cleaned_data, actor=actor, at=at)
        else:
            seasons.add_season(**form.cleaned_data, actor=actor, at=at)
    except SeasonTaken as refusal:
        form.add_error("name", str(refusal))
    return form.is_valid()
