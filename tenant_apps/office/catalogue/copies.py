"""Copies: an offering as another draft, and a season whole into another, with its new dates shown first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.errors import SeasonTaken
from tenant_apps.catalog.models import Season
from tenant_apps.catalog.moving import Move
from tenant_apps.catalog.operations import copying
from tenant_apps.office.catalogue.copy_forms import CloneForm, DuplicateForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.organisation.context import profile_of


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    original = get_object_or_404(of_request(request).offerings(), slug=slug)
    form = DuplicateForm(posted(request), original=original)
    if request.method == "POST" and form.is_valid():
        move = Move(form.days, profile_of(request).zone)
        copy = copying.duplicate(
            offering_id=original.pk,
            title=form.cleaned_data["title"],
            move=move,
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("La copie est un brouillon\u202f: relisez-la, puis publiez-la."))
        return redirect("office:offering", slug=copy.slug)
    status = 422 if form.errors else 200
    context = {"offering": original, "form": form}
    return page(request, "office/catalogue/duplicate.html", context, section="offerings", status=status)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def clone(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Asked for by GET until the last step; what was copied before is shown as such, and left alone."""
    season = get_object_or_404(Season, pk=season_id)
    said = request.POST if request.method == "POST" else request.GET
    form = CloneForm(said if "sent" in said else None, season=season)
    if not form.is_valid():
        return _page(request, season, form)
    target, zone = form.target, profile_of(request).zone
    if request.method != "POST":
        return _page(request, season, form)
    try:
        into, made = copying.clone_season(
            season_id=season.pk,
            name=target.name,
            starts_on=target.starts_on,
            ends_on=target.ends_on,
            renaming=form.renaming,
            zone=zone,
            actor=actor_of(request),
            at=clock.now(),
        )
    except SeasonTaken as refusal:
        form.add_error("name", str(refusal))
        return _page(request, season, form)
    told = ngettext("%s activité est copiée, en brouillon.", "%s activités sont copiées, en brouillon.", len(made))
    messages.success(request, told % len(made) if made else _("Tout était déjà copié\u202f: rien n’a changé."))
    return redirect(f"{reverse('office:offerings')}?season={into.pk}")


def _page(request: HttpRequest, season: Season, form: CloneForm) -> HttpResponse:
    context: dict[str, object] = {"season": season, "form": form}
    if form.is_bound and form.is_valid():
        target = form.target
        plans = copying.plan_season(season, target, renaming=form.renaming, zone=profile_of(request).zone)
        context |= {
            "is_planned": True,
            "target": target,
            "weeks": round((target.starts_on - season.starts_on).days / 7),
            "plans": [{"plan": plan, "is_outside": plan.is_outside(target)} for plan in plans],
            "new": sum(1 for plan in plans if plan.existing is None),
            "existing": sum(1 for plan in plans if plan.existing is not None),
        }
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/clone.html", context, section="offerings", status=status)
