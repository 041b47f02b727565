"""The groups that a draw serves first: each has a name, and the rules that say who is in it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.folding import fold
from kernel.words import in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.lines import LineField
from shared_apps.design.posting import posted
from tenant_apps.catalog.rules.kind import KINDS
from tenant_apps.office.catalogue import languages
from tenant_apps.office.editor import rule_hints, rulebooks, wording
from tenant_apps.office.openings import known
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.openings import preparing
from tenant_apps.openings.models import Opening
from tenant_apps.openings.terms import terms_of
from tenant_apps.organisation.context import profile_of


class GroupForm(forms.Form):
    name = LineField(
        label=gettext_lazy("Nom du groupe"),
        max_length=80,
        help_text=gettext_lazy("Comme les familles le liront\u202f: «\u202fRésidents\u202f»."),
    )


def shown(opening: Opening) -> list[dict[str, Any]]:
    return [
        {"index": index, "name": in_language(told.get("name", "")), "rules": rulebooks.rows(told.get("rules", []))}
        for index, told in enumerate(terms_of(opening).priorities)
    ]


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, opening_id: UUID, index: int | None = None) -> HttpResponse:
    """A new one where none is numbered; with its rules once it is there."""
    opening = _found(request, opening_id)
    groups = _groups(opening)
    if index is not None and index >= len(groups):
        raise Http404
    others = languages.others_of(profile_of(request))
    form = GroupForm(posted(request))
    languages.add_fields(form, "name", others, kept="" if index is None else groups[index].get("name", ""))
    if request.method == "POST" and form.is_valid():
        told = {"name": languages.words(form.cleaned_data, "name", others)}
        place = len(groups) if index is None else index
        groups[place : place + 1] = [{"rules": [], **(groups[place] if index is not None else {}), **told}]
        _write(request, opening, groups)
        return redirect("office:opening_group", opening.pk, place)
    context = {"opening": opening, "form": form, "index": index}
    if index is not None:
        context["rules"] = rulebooks.rows(groups[index].get("rules", []))
    status = 422 if form.errors else 200
    return page(request, "office/openings/group.html", context, section="openings", status=status)


@staff(*CHANGES)
@require_POST
def move(request: HttpRequest, opening_id: UUID, index: int) -> HttpResponse:
    """Up or out: the first group is served before the second."""
    opening = _found(request, opening_id)
    groups, way = _groups(opening), request.POST.get("move")
    if index < len(groups) and way in ("up", "remove"):
        moved = groups.pop(index)
        if way == "up":
            groups.insert(max(0, index - 1), moved)
        _write(request, opening, groups)
    return redirect("office:opening", opening_id=opening.pk)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD"])
def choose_rule(request: HttpRequest, opening_id: UUID, index: int) -> HttpResponse:
    opening = _found(request, opening_id)
    every = [(key, str(kind.title), str(rule_hints.CONDITIONS.get(key, ""))) for key, kind in KINDS]
    context = {"opening": opening, "index": index, "kinds": sorted(every, key=lambda each: fold(each[1]))}
    return page(request, "office/openings/group_rules.html", context, section="openings")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, opening_id: UUID, index: int, kind: str) -> HttpResponse:
    """One more rule of the group, by the small form of its kind."""
    opening = _found(request, opening_id)
    groups, known_kind = _groups(opening), KINDS.get(kind)
    if known_kind is None or index >= len(groups):
        raise Http404
    form = known_kind.form(posted(request))
    if request.method == "POST" and form.is_valid():
        told = form.rule(kind)
        groups[index] = {**groups[index], "rules": [*groups[index].get("rules", []), told]}
        _write(request, opening, groups)
        messages.success(request, wording.rule(told, KINDS))
        return redirect("office:opening_group", opening.pk, index)
    context = {"opening": opening, "index": index, "form": form, "kind": known_kind}
    status = 422 if form.errors else 200
    return page(request, "office/openings/group_rule.html", context, section="openings", status=status)


@staff(*CHANGES)
@require_POST
def remove_rule(request: HttpRequest, opening_id: UUID, index: int, number: int) -> HttpResponse:
    opening = _found(request, opening_id)
    groups = _groups(opening)
    if index < len(groups):
        rules = [each for place, each in enumerate(groups[index].get("rules", [])) if place != number]
        groups[index] = {**groups[index], "rules": rules}
        _write(request, opening, groups)
    return redirect("office:opening_group", opening.pk, index)


def _found(request: HttpRequest, opening_id: UUID) -> Opening:
    """Once wishes are closed, nobody is put first any more."""
    return get_object_or_404(known.openings(of_request(request)), pk=opening_id, opens_at__gt=clock.now())


def _groups(opening: Opening) -> list[dict[str, Any]]:
    return [dict(each) for each in terms_of(opening).priorities]


def _write(request: HttpRequest, opening: Opening, groups: Sequence[Mapping[str, Any]]) -> None:
    preparing.change_opening(
        opening_id=opening.pk,
        columns={"terms": {"priorities": groups}},
        actor=actor_of(request),
        at=clock.now(),
    )
