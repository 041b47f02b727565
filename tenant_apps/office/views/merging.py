"""Two records that may be of one person: found, laid side by side, made one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from kernel import clock, folding
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.families.operations import merge, merge_guardians
from tenant_apps.office import acquaintance, comparisons, dossiers, lookalikes
from tenant_apps.office.comparisons import Row
from tenant_apps.office.family_forms import SearchForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.organisation.models import MemberState, StaffMember

_PER_PAGE = 25


@staff(*FAMILIES_CHANGE)
def duplicates(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    alike = lookalikes.of_participants(acquaintance.participants(scope))
    found = Paginator(alike, _PER_PAGE).get_page(request.GET.get("page"))
    guardians = lookalikes.of_guardians(acquaintance.wholly_known(scope))
    return page(
        request,
        "office/merge_list.html",
        {"found": found, "guardians": guardians[:_PER_PAGE], "guardian_count": len(guardians)},
        section="families",
    )


@staff(*FAMILIES_CHANGE)
def merge_participants(request: HttpRequest) -> HttpResponse:
    known = acquaintance.participants(of_request(request)).filter(removed_at=None)
    kept, gone = _pair(request, known.select_related("establishment", "level"))
    links = dossiers.links_of(gone)
    rows = comparisons.of_participants(kept, gone)

    def act() -> None:
        merge.merge_participants(
            kept_id=kept.pk,
            gone_id=gone.pk,
            from_gone=_chosen(request, rows, merge.COLUMNS),
            links=[link.pk for link in links if str(link.pk) in request.POST.getlist("links")],
            actor=actor_of(request),
            at=clock.now(),
        )

    if request.method == "POST" and not (refusal := _refused(act)):
        messages.success(request, _("Les deux dossiers n’en font plus qu’un."))
        return redirect("office:participant", participant_id=kept.pk)
    return page(
        request,
        "office/merge_participants.html",
        {
            "kept": kept,
            "gone": gone,
            "rows": rows,
            "kept_links": dossiers.links_of(kept),
            "links": [(link, _is_safe(link)) for link in links],
            "refusal": refusal if request.method == "POST" else "",
        },
        section="families",
        status=409 if request.method == "POST" else 200,
    )


@staff(*FAMILIES_CHANGE)
def merge_adults(request: HttpRequest) -> HttpResponse:
    kept, gone = _pair(request, acquaintance.wholly_known(of_request(request)).select_related("user"))
    rows = comparisons.of_guardians(kept, gone)
    works_here = _would_close_staff(kept, gone)

    def act() -> None:
        merge_guardians.merge_guardians(
            kept_id=kept.pk,
            gone_id=gone.pk,
            from_gone=_chosen(request, rows, merge_guardians.COLUMNS),
            actor=actor_of(request),
            at=clock.now(),
        )

    refusal = ""
    if request.method == "POST":
        refusal = _("L’un de ces comptes est celui d’un membre du personnel.") if works_here else _refused(act)
        if not refusal:
            messages.success(request, _("Les deux dossiers n’en font plus qu’un."))
            return redirect("office:guardian", guardian_id=kept.pk)
    return page(
        request,
        "office/merge_guardians.html",
        {"kept": kept, "gone": gone, "rows": rows, "refusal": refusal, "two_accounts": kept.user and gone.user},
        section="families",
        status=409 if refusal else 200,
    )


@staff(*FAMILIES_CHANGE)
def search_participant(request: HttpRequest, record_id: UUID) -> HttpResponse:
    known = acquaintance.participants(of_request(request)).filter(removed_at=None)
    return _search(request, known.select_related("establishment"), record_id, "participants")


@staff(*FAMILIES_CHANGE)
def search_guardian(request: HttpRequest, record_id: UUID) -> HttpResponse:
    return _search(request, acquaintance.wholly_known(of_request(request)), record_id, "guardians")


def _search(request: HttpRequest, known: Any, record_id: UUID, what: str) -> HttpResponse:
    """The other record, where nothing but staff knows that the two are of one person."""
    kept = get_object_or_404(known, pk=record_id)
    form = SearchForm(request.GET)
    form.is_valid()
    found = known.exclude(pk=kept.pk)
    for word in folding.words(wanted := form.cleaned_data.get("q", "")):
        found = found.filter(search_text__contains=word)
    listed = found.order_by("search_text", "id")[:_PER_PAGE] if wanted else []
    return page(
        request,
        "office/merge_search.html",
        {"kept": kept, "form": form, "found": listed, "wanted": wanted, "merge": f"office:merge_{what}"},
        section="families",
    )


def _pair(request: HttpRequest, known: Any) -> tuple[Any, Any]:
    """The two that the address names, both known to the reader; the first is kept."""
    try:
        kept_id, gone_id = UUID(request.GET.get("kept", "")), UUID(request.GET.get("gone", ""))
    except ValueError:
        raise Http404 from None
    found = known.in_bulk([kept_id, gone_id])
    if len(found) != 2:
        raise Http404
    return found[kept_id], found[gone_id]


def _chosen(request: HttpRequest, rows: list[Row], columns: tuple[str, ...]) -> list[str]:
    """The columns whose better value is in the record that goes."""
    return [row.key for row in rows if row.key in columns and request.POST.get(row.key) == "gone"]


def _refused(act: Callable[[], None]) -> str:
    try:
        act()
    except Refusal as refusal:
        return str(refusal)
    return ""


def _is_safe(link: Guardianship) -> bool:
    """A guest who typed a child's name proves nothing: staff tick the box themselves."""
    return link.guardian.user_id is not None or bool(link.guardian.locked_fields)


def _would_close_staff(kept: Guardian, gone: Guardian) -> bool:
    """Of two accounts one is closed: never the one that somebody works with, or is asked to."""
    users = [each.user_id for each in (kept, gone) if each.user_id]
    working = StaffMember.objects.exclude(state=MemberState.WITHDRAWN)
    return len(users) == 2 and working.filter(user_id__in=users).exists()
