"""Registering: who is registered, then the form, then the places held."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts import robots
from shared_apps.accounts.access import actor_of, public
from shared_apps.accounts.addresses import address_of
from shared_apps.accounts.limits import limited, refuse_too_many_children
from shared_apps.design.posting import posted
from tenant_apps.catalog.audiences import mendable
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Checkout, Offering
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.portal import acting, baskets, choosing, history, options, registering, visitor, waiting_lists
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.sheet import Sheet, Subject
from tenant_apps.portal.registering import Outcome
from tenant_apps.portal.views.members import tell_claimed
from tenant_apps.portal.views.offering import offering_or_404
from tenant_apps.registrations import waiting_terms
from tenant_apps.registrations.queries import places_left, taken_once
from tenant_apps.registrations.waiting_terms import Usual
from tenants.suspension import refuse_to_begin

_DAY_MINUTES = 24 * 60


@public
@limited("form")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    refuse_to_begin(request)
    offering = offering_or_404(slug)
    guardian = _guardian(request)
    content = baskets.content_of(guardian)
    known = _known(request, offering, guardian, content)
    if closed := known.of_offering(offering, None):
        return render(request, "portal/closed.html", {"offering": offering, "reasons": closed})
    if guardian is None and not _goes_on_without_account(request, offering):
        return render(request, "portal/sign_in_step.html", {"offering": offering, "next": request.get_full_path()})
    people = choosing.people(offering, known.participants, known)
    chosen = choosing.chosen(request.GET.get("enfant", ""), people)
    if chosen is None:
        return render(request, "portal/choose.html", {"offering": offering, "people": people})
    if chosen.participant is None and any(rule["kind"] == "form" for rule in offering.requirements):
        # What is required is filled in for a child whom the family's list holds.
        return render(request, "portal/record_first.html", {"offering": offering, "people": people})
    return _form(request, offering, guardian, people, chosen, known, content)


def _form(
    request: HttpRequest,
    offering: Offering,
    guardian: Guardian | None,
    people: list[choosing.Person],
    chosen: choosing.Choice,
    known: Eligibility,
    content: baskets.Content,
) -> HttpResponse:
    sheet = Sheet(
        offering,
        _options(offering, guardian, chosen.participant, known, content, read(profile_of(request).rules).waiting),
        _subject(request, guardian, chosen, content, offering),
        posted(request),
        request.FILES if request.method == "POST" else None,
    )
    acting.note_reading(request, sheet.version, chosen.participant)
    locked = [reason for reason in chosen.reasons if not sheet.asks_for(reason)]
    if request.method == "POST" and not locked and (answer := _handed_in(request, sheet, content)):
        return answer
    context = {
        "offering": offering,
        "people": people,
        "chosen": chosen,
        "sheet": sheet,
        "reasons": locked,
        "mendable": mendable(locked),
    }
    return render(request, "portal/register.html", context)


def _handed_in(request: HttpRequest, sheet: Sheet, content: baskets.Content) -> HttpResponse | None:
    """None when the form is to be shown again, with all that was typed."""
    is_valid = sheet.is_valid()
    sheet.keep_files(at=clock.now())
    if sheet.is_only_filled_in_further:
        sheet.without_judgement()
        return None
    return _register(request, sheet, content) if is_valid else None


def _register(request: HttpRequest, sheet: Sheet, content: baskets.Content) -> HttpResponse | None:
    """None when the rules refused: the form then says why, with all that was typed."""
    actor, at = actor_of(request), clock.now()
    try:
        if content.basket is not None and content.is_being_paid:
            leave_check_out(basket_id=content.basket.id, actor=actor, at=at)
        if not request.user.is_authenticated:
            robots.check(request)
        elif sheet.subject.participant is None:
            refuse_too_many_children(request)
        entry = sheet.entry(signed_from=address_of(request))
        outcome = registering.register(
            offering_id=sheet.offering.id, visitor=sheet.visitor(), entry=entry, actor=actor, at=at
        )
    except Refusal as refusal:
        sheet.refuse(refusal)
        return None
    if outcome.participant is None:
        tell_claimed(request, profile_of(request))
        return SeeOther(acting.onward(request, "profile"))
    if sheet.is_refusal:
        return _refused(request, sheet.offering, outcome.participant)
    if not outcome.registrations and not outcome.waiting:
        return _agreed(request, sheet.offering, outcome.participant)
    _tell_what_is_full(request, sheet, outcome)
    if not outcome.registrations:
        return SeeOther(reverse("waiting_lists"))
    if sheet.offering.checkout == Checkout.DIRECT:
        return SeeOther(reverse("checkout"))
    return SeeOther(reverse("added", args=[sheet.offering.slug]))


def _tell_what_is_full(request: HttpRequest, sheet: Sheet, outcome: Outcome) -> None:
    """Nobody guesses what was kept and what was not (S4-31)."""
    names = {each.option.id: each.option.shown("name") for each in sheet.options}
    waited = {line.option_id for asked in outcome.waiting for line in waiting_lists.lines_of(asked)}
    if waited:
        told = _("Vous êtes sur la liste d’attente\u202f: %(names)s.")
        messages.success(request, told % {"names": ", ".join(names[each] for each in names if each in waited)})
    if outcome.left_out:
        told = _("Complet, et donc pas pris\u202f: %(names)s.")
        messages.warning(request, told % {"names": ", ".join(names[each] for each in outcome.left_out)})


def _refused(request: HttpRequest, offering: Offering, participant: Participant) -> HttpResponse:
    """The « no » is kept like a « yes », and takes no place (S3-04)."""
    told = _(
        "Votre refus est enregistré\u202f: %(child)s ne participera pas à «\u202f%(title)s\u202f». "
        "Aucune place n’est prise."
    )
    messages.info(request, told % {"child": participant.first_name, "title": offering})
    return SeeOther(reverse("offering", args=[offering.slug]))


def _agreed(request: HttpRequest, offering: Offering, participant: Participant) -> HttpResponse:
    """A signature was all that was asked: there is nothing to pay and no place to keep (S3-04)."""
    told = _("C’est signé : votre accord pour %(child)s, « %(title)s », est enregistré.")
    messages.success(request, told % {"child": participant.first_name, "title": offering})
    return SeeOther(reverse("offering", args=[offering.slug]))


@public
@require_safe
def added(request: HttpRequest, slug: str) -> HttpResponse:
    """« Ajouté au panier », with two ways out (S2-09, S4-29)."""
    offering = offering_or_404(slug)
    guardian = visitor.guardian(request)
    content = baskets.content_of(guardian)
    parts = content.parts_of(offering.id)
    if guardian is None or not parts:
        return SeeOther(reverse("basket"))
    several = len({part.participant.id for part in content.parts}) > 1
    usual = read(profile_of(request).rules).waiting
    waited = waiting_lists.of_family(guardian) if waiting_terms.has_list_in(usual, offering) else []
    context = {
        "offering": offering,
        "parts": parts,
        "waited": [each for each in waited if each.offering.id == offering.id and not each.is_offered],
        "content": content,
        "several_children": several,
        "histories": history.of_children(guardian, [part.participant for part in parts]),
        # Places kept for days are gathered for all the children first, and paid for another day (S4-35).
        "finalises_later": offering.hold_minutes >= _DAY_MINUTES,
    }
    return render(request, "portal/added.html", context)


def _guardian(request: HttpRequest) -> Guardian | None:
    if request.user.is_authenticated:
        return visitor.signed_in_guardian(request, at=clock.now())
    return visitor.guardian(request)


def _known(
    request: HttpRequest, offering: Offering, guardian: Guardian | None, content: baskets.Content
) -> Eligibility:
    """What the basket keeps here already would be replaced."""
    return Eligibility.of(
        [offering],
        choosing.children_of(guardian),
        guardian_id=guardian.id if guardian else None,
        at=clock.now(),
        zone=profile_of(request).zone,
        replacing=[line.id for part in content.parts_of(offering.id) for line in part.chosen],
    )


def _options(
    offering: Offering,
    guardian: Guardian | None,
    participant: Participant | None,
    known: Eligibility,
    content: baskets.Content,
    usual: Usual,
) -> list[options.Shown]:
    left = places_left(option.id for option in offering.options.all())
    mine = content.basket.id if content.basket else None
    taken = taken_once(participant.id, offering.id, apart_from=mine) if participant else set()
    # Another choice of a registration that was paid is had already.
    taken |= {line.option_id for line in content.lines if line.replaces_id and line.participant == participant}
    shown = options.of_offering(offering, left=left, known=known, participant=participant, taken=taken)
    if waiting_terms.has_list_in(usual, offering):
        shown = options.waited_for(shown, guardian, participant)
    return options.priced(shown, guardian_id=guardian.id if guardian else None, participant=participant, at=clock.now())


def _goes_on_without_account(request: HttpRequest, offering: Offering) -> bool:
    if not offering.accepts_guests:
        return False
    if "sans-compte" in request.GET:
        visitor.go_without_account(request)
    return visitor.goes_without_account(request)


def _subject(
    request: HttpRequest,
    guardian: Guardian | None,
    chosen: choosing.Choice,
    content: baskets.Content,
    offering: Offering,
) -> Subject:
    participant = chosen.participant
    held = [
        line
        for part in content.parts_of(offering.id)
        for line in part.chosen
        if participant is not None and line.participant_id == participant.id
    ]
    return Subject(
        guardian=guardian,
        guest_id=visitor.guest_id(request),
        participant=participant,
        held=held,
        may_see_health=acting.may_read_health(request) and (chosen.standing is None or chosen.standing.may_see_health),
        recorded_by=acting.recorded_by(request),
    )
