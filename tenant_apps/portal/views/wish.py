"""One wish: whom it is for, its choices, and what an offering asks of the child beforehand."""

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
from shared_apps.accounts.addresses import address_of
from shared_apps.design.posting import posted
from tenant_apps.catalog.audiences import mendable
from tenant_apps.catalog.models import Offering
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.standing import standing_of
from tenant_apps.openings.models import Opening
from tenant_apps.portal import acting, choosing, visitor, wishing
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.sheet import Sheet, Subject
from tenant_apps.portal.forms.wish import WishForm
from tenant_apps.registrations.errors import NotAllowed
from tenant_apps.registrations.lottery import queries, wishes
from tenant_apps.registrations.lottery.gathering import is_gathering
from tenant_apps.registrations.lottery.queries import Need
from tenant_apps.registrations.queries import places_left

Said = dict[tuple[int, UUID], UUID]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wish_add(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """First whom it is for: several children who are ticked are together, or not at all."""
    opening, guardian = _gathering(request, opening_id)
    everybody = choosing.members(guardian)
    open_to = [person.participant for person in everybody if not person.is_locked]
    asked = set(request.GET.getlist("enfant"))
    children = [each for each in open_to if str(each.id) in asked] or (open_to if len(open_to) == 1 else [])
    if not children:
        context = {"opening": opening, "people": everybody, "is_unsaid": "choisi" in request.GET}
        return render(request, "portal/wish_who.html", context)
    return _form(request, opening, guardian, children, None, {})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wish_edit(request: HttpRequest, opening_id: UUID, group: UUID) -> HttpResponse:
    opening, guardian = _gathering(request, opening_id)
    need = next((each for each in queries.of_family(opening.id, guardian.id) if each.number == group), None)
    if need is None or not need.is_wished:
        raise Http404
    said = {
        (choice.request.rank, line.participant_id): line.option_id for choice in need.choices for line in choice.lines
    }
    return _form(request, opening, guardian, need.children, need, said)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wish_form(request: HttpRequest, opening_id: UUID, participant_id: UUID, slug: str) -> HttpResponse:
    """The offering's own questions and authorization, once for all the wishes of this child."""
    opening, guardian = _gathering(request, opening_id)
    offering = get_object_or_404(Offering, slug=slug, opening=opening)
    child = _child(guardian, participant_id)
    needs = queries.of_family(opening.id, guardian.id)
    lines = [line for need in needs if need.is_wished for choice in need.choices for line in choice.lines]
    said = [line for line in lines if line.participant_id == child.id and line.option.offering_id == offering.id]
    if not said:
        raise Http404
    standing = standing_of(guardian.id, child.id)
    subject = Subject(
        guardian,
        guardian.id,
        child,
        held=said,
        may_see_health=acting.may_read_health(request) and (standing is None or standing.may_see_health),
        recorded_by=acting.recorded_by(request),
    )
    posted = request.method == "POST"
    sheet = Sheet(offering, [], subject, request.POST if posted else None, request.FILES if posted else None)
    acting.note_reading(request, sheet.version, child)
    if posted and _is_kept(request, opening, guardian, child, sheet):
        return SeeOther(reverse("wishes", args=[opening.id]))
    context = {"opening": opening, "offering": offering, "child": child, "sheet": sheet}
    return render(request, "portal/wish_form.html", context)


def _is_kept(request: HttpRequest, opening: Opening, guardian: Guardian, child: Participant, sheet: Sheet) -> bool:
    is_valid = sheet.is_valid()
    sheet.keep_files(at=clock.now())
    if not is_valid:
        return False
    try:
        wishing.fill_in(
            opening_id=opening.id,
            guardian=guardian,
            participant=child,
            offering_id=sheet.offering.id,
            entry=sheet.entry(signed_from=address_of(request)),
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        sheet.refuse(refusal)
        return False
    if sheet.is_refusal:
        messages.info(request, _("Votre refus est enregistré\u202f: les souhaits qui en dépendaient sont retirés."))
    else:
        messages.success(request, _("C’est rempli pour %(name)s.") % {"name": child.shown_name})
    return True


def _form(
    request: HttpRequest,
    opening: Opening,
    guardian: Guardian,
    children: list[Participant],
    need: Need | None,
    said: Said,
) -> HttpResponse:
    offered = wishing.offered(opening, guardian, children, at=clock.now())
    options = {child.id: offered.options_for(child) for child in children}
    form = WishForm(
        posted(request),
        children=children,
        options=options,
        left=places_left({option.id for each in options.values() for option in each}),
        said=said,
        email=guardian.email,
    )
    if request.method == "POST" and form.is_valid() and _is_said(request, opening, guardian, need, form):
        return SeeOther(reverse("wishes", args=[opening.id]))
    reasons = [(child, reason) for child in children for reason in offered.reasons_for(child)]
    context = {
        "opening": opening,
        "children": children,
        "need": need,
        "form": form,
        "reasons": reasons,
        "mendable": [(child, reason) for child, reason in reasons if mendable([reason])],
        "nothing_for": [child for child in children if not options[child.id]],
    }
    return render(request, "portal/wish.html", context)


def _is_said(request: HttpRequest, opening: Opening, guardian: Guardian, need: Need | None, form: WishForm) -> bool:
    try:
        wishes.say(
            opening_id=opening.id,
            guardian_id=guardian.id,
            group=need.number if need else None,
            choices=form.choices,
            actor=actor_of(request),
            at=clock.now(),
        )
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Votre souhait est noté."))
    return True


def _gathering(request: HttpRequest, opening_id: UUID) -> tuple[Opening, Guardian]:
    """Outside its time there is no form to fill in: the page of the wishes says why."""
    at = clock.now()
    opening = get_object_or_404(Opening, pk=opening_id)
    if not is_gathering(opening, at=at):
        raise Http404
    return opening, visitor.signed_in_guardian(request, at=at)


def _child(guardian: Guardian, participant_id: UUID) -> Participant:
    try:
        return families.participant_of(guardian.id, participant_id)
    except Participant.DoesNotExist:
        raise Http404 from None
