"""« Mes souhaits »: prepared before an opening, drawn or taken at it, and what came of them (O-03, O-04)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, signed_in
from tenant_apps.families.models import Guardian
from tenant_apps.openings import ordering
from tenant_apps.openings import queries as openings
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.portal import visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.wishing import Sheets
from tenant_apps.registrations.lottery import errors, ordering_wishes, queries, taking, wishes
from tenant_apps.registrations.lottery.gathering import is_gathering
from tenant_apps.registrations.lottery.reading import Wish
from tenant_apps.registrations.queries import places_left

_UP, _DOWN = -1, 1


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wishes_page(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    opening, at = get_object_or_404(Opening, pk=opening_id), clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    if request.method == "POST":
        return _act(request, opening, guardian, at)
    needs = queries.of_family(opening.id, guardian.id)
    wished = [need for need in needs if need.is_wished]
    takes = opening.mode == Mode.QUEUE and at >= opening.opens_at and _may_take(opening, guardian, at)
    left = _left(wished) if takes else {}
    context = {
        "opening": opening,
        "is_lottery": opening.mode == Mode.LOTTERY,
        "is_gathering": is_gathering(opening, at=at),
        "is_early": at < opening.gathers_from,
        "has_opened": at >= opening.opens_at,
        "takes": takes,
        "gone": [need.number for need in wished if takes and not need.fits(left)],
        "commitment": ordering.commitment(opening.seed),
        "needs": needs,
        "wished": wished,
        "sheets": Sheets(needs),
        "has_confirmed": _has_confirmed(opening, needs),
        "has_all": all(need.had for need in needs),
        "has_had": any(need.had for need in needs),
    }
    return render(request, "portal/wishes.html", context)


def _may_take(opening: Opening, guardian: Guardian, at: datetime) -> bool:
    """Once the queue is over nobody needs a turn."""
    if opening.ended_at and opening.ended_at <= at:
        return True
    return opening.id in openings.passes(guardian.id, [opening.id], at=at)


def _has_confirmed(opening: Opening, needs: Sequence[queries.Need]) -> bool:
    """All that the family had. What is taken at one's turn lies in the basket first."""
    had = [need.had for need in needs if need.had]
    if opening.mode == Mode.LOTTERY:
        return bool(had) and not any(need.offered_until for need in needs)
    return bool(had) and all(each.is_confirmed for each in had)


def _left(wished: Sequence[queries.Need]) -> dict[UUID, int | None]:
    return places_left({line.option_id for need in wished for choice in need.choices for line in choice.lines})


def _act(request: HttpRequest, opening: Opening, guardian: Guardian, at: datetime) -> HttpResponse:
    page = reverse("wishes", args=[opening.id])
    name = next((name for name in _ACTS if name in request.POST), "")
    if not name:
        raise Http404
    try:
        _ACTS[name](request, opening.id, guardian.id, at)
    except errors.WishUnknown:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return SeeOther(page)


def _take(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    taken = taking.take(opening_id=opening_id, guardian_id=guardian_id, actor=actor_of(request), at=at)
    if taken.held:
        messages.success(request, _("Vos places sont gardées dans votre panier."))
    for gone in taken.gone:
        said = [reason.message for reason in gone.reasons] or [
            _("%(children)s\u202f: plus assez de places pour ce souhait.") % {"children": _names(gone.wish)}
        ]
        for message in said:
            messages.warning(request, message)


def _names(wish: Wish) -> str:
    return ", ".join(child.shown_name for child in wish.participants.values())


def _wait(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    group = _id(request, "wait")
    taking.wait(opening_id=opening_id, guardian_id=guardian_id, group=group, actor=actor_of(request), at=at)
    messages.success(request, _("C’est fait\u202f: votre rang est affiché ici."))


def _withdraw(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    group = _id(request, "withdraw")
    wishes.withdraw_wishes(opening_id=opening_id, guardian_id=guardian_id, group=group, actor=actor_of(request), at=at)
    messages.success(request, _("Le souhait est retiré."))


def _move_choice(by: int, name: str) -> Callable[[HttpRequest, UUID, UUID, datetime], None]:
    def move(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
        request_id = _id(request, name)
        ordering_wishes.move_choice(opening_id=opening_id, guardian_id=guardian_id, request_id=request_id, by=by, at=at)

    return move


def _move_wish(by: int, name: str) -> Callable[[HttpRequest, UUID, UUID, datetime], None]:
    def move(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
        ordering_wishes.move_wish(
            opening_id=opening_id, guardian_id=guardian_id, group=_id(request, name), by=by, at=at
        )

    return move


def _id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST[name])
    except ValueError:
        raise Http404 from None


_ACTS: Mapping[str, Callable[[HttpRequest, UUID, UUID, datetime], None]] = {
    "take": _take,
    "wait": _wait,
    "withdraw": _withdraw,
    "up": _move_choice(_UP, "up"),
    "down": _move_choice(_DOWN, "down"),
    "earlier": _move_wish(_UP, "earlier"),
    "later": _move_wish(_DOWN, "later"),
}
