"""What stands against a change: of the registration, of the policy, of who asks, of what is asked for."""

from collections.abc import Iterable, Sequence
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
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Submission
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import checks, reversing
from tenant_apps.registrations.errors import NotAllowed, NotConfirmed
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.queries import places_left, taken_once
from tenant_apps.registrations.states import PENDING


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
    offering, zone = registration.option.offering, organisation.profile().zone
    submission = consent = None
    if form := offering.registration_form:
        given = Submission.objects.filter(version__form=form, participant=participant).order_by("-submitted_at")
        submission = given.values_list("id", flat=True).first()
        if submission is None:
            raise errors.FormsMissing(first_name=participant.shown_name, form=form.shown_title)
    if form := offering.consent_form:
        said = consents.standings([form.id], [participant.id], at=at, zone=zone).of(form.id, participant.id)
        if said.state is not State.YES or said.word is None:
            raise errors.FormsMissing(first_name=participant.shown_name, form=form.shown_title)
        consent = said.word.id
    return submission, consent
