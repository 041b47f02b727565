"""A child who does not exist, made up in a transaction that is undone: judged and priced like any other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kernel import clock, ids
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.eligibility import rules_of
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.entitlements.models import Kind
from tenant_apps.entitlements.operations import asking, deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Participant
from tenant_apps.families.operations import guardians, participants
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Establishment, Level
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import pricing, supposing
from tenant_apps.registrations.rules import membership


@dataclass(frozen=True, slots=True)
class MadeUp:
    """`residence`: a families.PriceCategory that staff would have said, else the postal code does.

    `siblings`: how many brothers and sisters have the first choice of the offering already.
    """

    first_name: str
    birth_date: date | None = None
    level: Level | None = None
    establishment: Establishment | None = None
    postal_code: str = ""
    residence: str = ""
    is_member: bool = False
    siblings: int = 0
    income_band: str = ""
    subsidies: Sequence[str] = field(default_factory=tuple)


@contextmanager
def made_up(told: MadeUp, offerings: Sequence[Offering], *, at: datetime) -> Iterator[tuple[Participant, UUID]]:
    """The child and the guardian who asks, until the end of the block; then nothing of them is left."""
    with transaction.atomic():
        try:
            yield _child(told, offerings, at)
        finally:
            transaction.set_rollback(True)


def _child(told: MadeUp, offerings: Sequence[Offering], at: datetime) -> tuple[Participant, UUID]:
    guardian = guardians.ensure_guest(
        guest_id=ids.uuid7(),
        email="nobody@invalid.invalid",
        first_name="",
        last_name="",
        phone="",
        language="fr",
        at=at,
    )
    household = {"address": {"postal_code": told.postal_code}} if told.postal_code else {}
    # The eldest first, as they were registered: at the same price, the one who comes last has the greater discount.
    for number in range(told.siblings):
        sibling = _participant(guardian.id, told, f"{told.first_name} {number + 2}", at, household)
        for offering in offerings[:1]:
            _register(guardian.id, sibling, offering, at)
    child = _participant(guardian.id, told, told.first_name, at, household)
    child.price_category = told.residence
    _grant(guardian.id, told, at)
    if told.is_member:
        _join(guardian.id, child, offerings, at)
    return child, guardian.id


def _participant(
    guardian_id: UUID, told: MadeUp, first_name: str, at: datetime, household: dict[str, dict[str, str]]
) -> Participant:
    identity = Identity(
        last_name="",
        first_name=first_name,
        birth_date=told.birth_date,
        level_id=told.level.id if told.level else None,
        establishment_id=told.establishment.id if told.establishment else None,
    )
    return participants.add_participant(
        guardian_id=guardian_id, identity=identity, answers=Answers(household=household), actor=SYSTEM, at=at
    )


def _grant(guardian_id: UUID, told: MadeUp, at: datetime) -> None:
    asked = [(Kind.INCOME, told.income_band), *((Kind.SUBSIDY, key) for key in told.subsidies)]
    for kind, key in asked:
        if key:
            [request] = asking.ask(
                guardian_id=guardian_id, kind=kind, participant_ids=[None], key=key, actor=SYSTEM, at=at
            )
            deciding.accept(entitlement_ids=[request.id], granted=Granted(None, None, key=key), actor=SYSTEM, at=at)


def _join(guardian_id: UUID, child: Participant, offerings: Sequence[Offering], at: datetime) -> None:
    """Every membership that a rule of these offerings asks for, valid on that day where one of its options is."""
    today = clock.local_date(at, organisation.profile().zone)
    basket = registrations.open_basket(guardian_id=guardian_id, at=at)
    asked = {rule["offering"] for offering in offerings for rule in rules_of(offering) if rule["kind"] == "membership"}
    for found in Offering.objects.filter(slug__in=asked).prefetch_related("options"):
        options = sorted(found.options.all(), key=lambda option: not membership.is_valid(option, today))
        for option in options[:1]:
            supposing.suppose_confirmed(basket=basket, participant=child, option=option, quote=Quote(), at=at)


def _register(guardian_id: UUID, sibling: Participant, offering: Offering, at: datetime) -> None:
    basket = registrations.open_basket(guardian_id=guardian_id, at=at)
    for option in list(offering.options.all())[:1]:
        [quote] = pricing.quotes_for(guardian_id, [(sibling, option, 1, None)], at=at)
        supposing.suppose_confirmed(basket=basket, participant=sibling, option=option, quote=quote, at=at)
