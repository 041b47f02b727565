"""Loads what many want at once: openings with turns, wishes and a draw, a waiting list, a shared bus, a change."""

from datetime import datetime
from typing import Any

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations.offerings import change_offering
from tenant_apps.changes.models import Kind
from tenant_apps.changes.operations import asking
from tenant_apps.changes.policy import Decision, Policy, write
from tenant_apps.demonstration import people, reading
from tenant_apps.demonstration.requests import drawn as drawn_page
from tenant_apps.demonstration.telling import Calendar
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import uploads
from tenant_apps.forms.scanning import Checked
from tenant_apps.openings import operations as turns
from tenant_apps.openings import preparing
from tenant_apps.openings.models import Channel, Mode, Opening
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Establishment
from tenant_apps.payments.operations import settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import quotas, waiting
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.lottery import draw, wishes

_STUDIED = Policy(allowed=True, until_days=1, asks_reason=True, asks_proof=True, decision=Decision.STAFF)


def load(key: str, *, places: dict[str, Establishment], at: datetime) -> None:
    """Where the organisation has any."""
    told = reading.openings().get(key)
    if told is None:
        return
    zone = organisation.profile().zone
    calendar = Calendar(clock.local_date(at, zone), zone)
    for family in told["families"]:
        people.load_guardian({"guardian": _person(family)}, places=places, at=at)
    for quota in told["quotas"]:
        _share(quota, at)
    for opening in told["openings"]:
        _open(opening, calendar, at)
    for wanted in told["waiting"]:
        _wait(wanted, at)
    for change in told["changes"]:
        _change(change, at)


def _person(family: dict[str, Any]) -> dict[str, Any]:
    """As the other families are told: all of them are teenagers, with nothing more to say."""
    children = [{**child, "last_name": family["last_name"]} for child in family["children"]]
    return {
        **family,
        "answers": {},
        "participants": [{"level": "adolescence", "answers": {}, **each} for each in children],
    }


def _share(told: dict[str, Any], at: datetime) -> None:
    offering = Offering.objects.get(slug=told["offering"])
    quota_id = quotas.create(offering_id=offering.id, name=told["name"], capacity=told["places"], actor=SYSTEM, at=at)
    for option in offering.options.filter(code__in=told["options"]):
        quotas.set_shared(option_id=option.id, quota_ids=[quota_id], actor=SYSTEM, at=at)


def _open(told: dict[str, Any], calendar: Calendar, at: datetime) -> None:
    gathers_from, opens_at = calendar.moment(told["gathers_from"]), calendar.moment(told["opens_at"])
    opening = preparing.add_opening(
        columns={
            "name": told["name"],
            "translations": {"en": {"name": told["en"]}},
            "mode": told["mode"],
            "gathers_from": gathers_from,
            "opens_at": opens_at,
            "terms": told["terms"],
        },
        actor=SYSTEM,
        at=at,
    )
    for offering in Offering.objects.filter(slug__in=told["offerings"]):
        change_offering(offering_id=offering.id, columns={"opening_id": opening.id}, actor=SYSTEM, at=at)
    drawn_at = calendar.moment(told.get("drawn_at"))
    # What is drawn already was said while it could be.
    said_at = opening.gathers_from if drawn_at else at
    for family in told.get("turns", []):
        _take_turn(opening, _guardian(family), said_at)
    for wish in told["wishes"]:
        _wish(opening, wish, said_at)
    if drawn_at:
        draw.run(opening_id=opening.id, actor=SYSTEM, at=drawn_at)


def _take_turn(opening: Opening, guardian: Guardian, at: datetime) -> None:
    """On the web: all of them have an account."""
    if opening.mode == Mode.QUEUE:
        turns.join(opening_id=opening.id, guardian_id=guardian.id, channel=Channel.WEB, actor=_actor(guardian), at=at)


def _wish(opening: Opening, told: dict[str, Any], at: datetime) -> None:
    guardian = _guardian(told["family"])
    options = {each.code: each for each in Option.objects.filter(offering__opening=opening)}
    choices = [
        [_claim(guardian, each["child"], options[each["option"]]) for each in together] for together in told["choices"]
    ]
    wishes.say(
        opening_id=opening.id, guardian_id=guardian.id, group=None, choices=choices, actor=_actor(guardian), at=at
    )


def _wait(told: dict[str, Any], at: datetime) -> None:
    guardian = _guardian(told["family"])
    option = Option.objects.get(offering__slug=told["offering"], code=told["option"])
    claims = [_claim(guardian, child, option) for child in told["children"]]
    waiting.ask(guardian_id=guardian.id, claims=claims, together=len(claims) > 1, actor=_actor(guardian), at=at)


def _change(told: dict[str, Any], at: datetime) -> None:
    """Of something free: nobody paid anything for a demonstration."""
    guardian = _guardian(told["family"])
    option = Option.objects.select_related("offering").filter(offering__slug=told["offering"])[0]
    changes = {str(Kind.WITHDRAWAL): write(_STUDIED)}
    change_offering(offering_id=option.offering_id, columns={"changes": changes}, actor=SYSTEM, at=at)
    basket = registrations.open_basket(guardian_id=guardian.id, at=at)
    claims = [_claim(guardian, told["child"], option)]
    [held] = registrations.hold(basket_id=basket.id, claims=claims, actor=_actor(guardian), at=at)
    for order in check_out(basket_id=basket.id, expected_cents=0, actor=_actor(guardian), language="fr", at=at):
        settle.settle_free(order_id=order.id, at=at)
    page = Checked("document.png", "image/png", drawn_page(told["page"]))
    proof = uploads.keep(checked=page, guardian_id=guardian.id, is_health=False, at=at)
    asking.ask(
        guardian_id=guardian.id,
        kind=Kind.WITHDRAWAL,
        registration_id=held.id,
        expected=(0, 0, 0),
        words=told["words"],
        upload_ids=[proof.id],
        actor=_actor(guardian),
        at=at,
    )


def _guardian(family: str) -> Guardian:
    return Guardian.objects.get(user=User.objects.get(email=f"{family}@famille.example"))


def _actor(guardian: Guardian) -> Actor:
    return Actor(kind="guardian", user_id=guardian.user_id, label=str(guardian))


def _claim(guardian: Guardian, child: str, option: Option) -> Claim:
    participant = _child(guardian, child)
    return Claim(participant_id=participant.id, option_id=option.id, quantity=1, contact_email=guardian.user.email)  # type: ignore[union-attr]


def _child(guardian: Guardian, first_name: str) -> Participant:
    return next(each for each in families.participants_of(guardian.id) if each.first_name == first_name)
