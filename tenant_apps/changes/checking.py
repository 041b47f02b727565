"""What stands against a change: of the registration, of the policy, of who asks, of what is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.reasons import Reason, day_words
from tenant_apps.changes import errors
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.changes.models import Status as ChangeStatus
from tenant_apps.changes.policy import Policy
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.forms import consents
from tenant_apps.forms.models import Form, Submission
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import checks, reversing
from tenant_apps.registrations.errors import NotAllowed, NotConfirmed
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.queries import places_left, taken_once
from tenant_apps.registrations.states import PENDING, TAKING


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of a child for an offering; `missing`: the forms that are still to be filled in or signed."""

    submission_id: UUID | None
    consent_id: UUID | None
    missing: tuple[Form, ...]


def standing(registration: Registration, policy: Policy, *, guardian_id: UUID, at: datetime) -> None:
    """For who may ask at all. Raises NotConfirmed, MayNotChange, NotOffered, TooLate, AlreadyAsked or InBasket."""
    if not families.may_change(guardian_id, registration.participant_id):
        raise errors.MayNotChange
    in_force(registration)
    in_time(registration, policy, at=at)
    alone(registration)


def in_force(registration: Registration) -> None:
    if registration.status != Status.CONFIRMED:
        raise NotConfirmed


def in_time(registration: Registration, policy: Policy, *, at: datetime) -> None:
    if not policy.allowed:
        raise errors.NotOffered
    ends_at, last = (
        policy.ends_at(registration.option, organisation.profile().zone),
        policy.last_day(registration.option),
    )
    if ends_at is not None and last is not None and at >= ends_at:
        raise errors.TooLate(day=day_words(last))


def alone(registration: Registration) -> None:
    """One change at a time."""
    if ChangeRequest.objects.filter(registration=registration, status=ChangeStatus.ASKED).exists():
        raise errors.AlreadyAsked
    if Registration.objects.filter(replaces=registration, status__in=PENDING).exists():
        raise errors.InBasket


def alone_in_its_price(registration: Registration) -> None:
    """What is being paid keeps the price that it has beside this one. Raises FamilyPays."""
    family = reversing.charged(registration).family
    if (
        family
        and Registration.objects.filter(
            basket__guardian__in=families.living_together(registration.basket.guardian_id),
            status=Status.AWAITING_PAYMENT,
            quote__family__key=family["key"],
            quote__family__season=family["season"],
        ).exists()
    ):
        raise errors.FamilyPays


def swappable(registration: Registration) -> list[Option]:
    """The other choices of the offering that are offered and have a place left."""
    options = Option.objects.select_related("offering__season", "offering__category").filter(
        offering_id=registration.option.offering_id, is_offered=True, is_voluntary=False
    )
    had = taken_once(registration.participant_id, registration.option.offering_id)
    others = [
        each
        for each in options.exclude(pk=registration.option_id)
        if each.id not in had and checks.may_have(each, registration.quantity)
    ]
    left = places_left([each.id for each in others])
    return [each for each in others if (places := left.get(each.id)) is None or places >= registration.quantity]


def reasons_against(
    registration: Registration, options: Sequence[Option], participants: Iterable[Participant], *, at: datetime
) -> dict[tuple[UUID, UUID], list[Reason]]:
    """By option and participant, as if the registration were given up: the catalogue's own answer."""
    people = list(participants)
    known = Eligibility.of(
        [registration.option.offering],
        people,
        guardian_id=registration.basket.guardian_id,
        at=at,
        zone=organisation.profile().zone,
        replacing=[registration.id],
    )
    return {(option.id, each.id): known.against(option, each) for option in options for each in people}


def having_it(registration: Registration, participants: Iterable[Participant]) -> set[UUID]:
    """Who of them has the same place already, in force or in a basket, and cannot have it twice."""
    same = Registration.objects.filter(option=registration.option_id, is_single=True, status__in=TAKING)
    return set(same.filter(participant__in=[each.id for each in participants]).values_list("participant_id", flat=True))


def takes(registration: Registration, option: Option, participant: Participant, *, at: datetime) -> None:
    """Raises NotAllowed, or QuantityRefused where another choice is not had as many times."""
    if option.id != registration.option_id:
        checks.quantity(option, registration.quantity)
    reasons = reasons_against(registration, [option], [participant], at=at)[option.id, participant.id]
    if reasons:
        raise NotAllowed(reasons)


def answers_of(
    registration: Registration, participant: Participant, *, at: datetime
) -> tuple[UUID | None, UUID | None]:
    """The answers and the authorization that the offering asks, as given for another child. Raises FormsMissing."""
    given = given_for(registration, [participant], at=at)[participant.id]
    if given.missing:
        raise errors.FormsMissing(first_name=participant.shown_name, form=given.missing[0].shown_title)
    return given.submission_id, given.consent_id


def given_for(registration: Registration, participants: Iterable[Participant], *, at: datetime) -> dict[UUID, Given]:
    """By participant: what the offering asks, and what of it is still to be filled in or signed."""
    offering, ids = registration.option.offering, [each.id for each in participants]
    questions, consent = offering.registration_form, offering.consent_form
    answered: dict[UUID, UUID] = {}
    if questions:
        sent = Submission.objects.filter(version__form=questions, participant__in=ids)
        answered = dict(sent.order_by("submitted_at").values_list("participant_id", "id"))
    signed: dict[UUID, UUID] = {}
    if consent:
        said = consents.standings([consent.id], ids, at=at, zone=organisation.profile().zone)
        words = {each: said.of(consent.id, each) for each in ids}
        signed = {each: found.word.id for each, found in words.items() if found.allows and found.word}
    return {
        each: Given(
            answered.get(each),
            signed.get(each),
            tuple(form for form, known in ((questions, answered), (consent, signed)) if form and each not in known),
        )
        for each in ids
    }
