"""Loads what families ask: a proof that was accepted, and requests that wait for who tries the workplace."""

import io
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.catalog.models import Option
from tenant_apps.demonstration import people, reading
from tenant_apps.entitlements import terms
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.entitlements.operations import asking, deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.forms import uploads
from tenant_apps.forms.scanning import Checked
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation import queries
from tenant_apps.organisation.models import Establishment
from tenant_apps.organisation.rules import read
from tenant_apps.registrations import support


def load(data: reading.Data, key: str, *, places: dict[str, Establishment], at: datetime) -> None:
    """Where the organisation has any."""
    told = reading.requests().get(key)
    if told is None:
        return
    _set_residence(told["residence"])
    for request in told.get("guardian", []):
        _ask(request, _guardian(data["guardian"]["email"]), at)
    neighbour = told["neighbour"]
    people.load_guardian({"guardian": neighbour}, places=places, at=at)
    for request in neighbour["requests"]:
        _ask(request, _guardian(neighbour["email"]), at)


def _set_residence(rule: dict[str, Any]) -> None:
    rules = queries.profile().rules
    organisation.describe(rules={**rules, "prices": {**rules.get("prices", {}), "residence": rule}})


def _guardian(email: str) -> Guardian:
    return Guardian.objects.get(user=User.objects.get(email=email))


def _ask(told: dict[str, Any], guardian: Guardian, at: datetime) -> None:
    actor = Actor(kind="guardian", user_id=guardian.user_id, label=str(guardian))
    if told["kind"] == Kind.SUPPORT:
        _ask_support(told, guardian, actor, at)
        return
    page = Checked("document.png", "image/png", drawn(told["page"]))
    upload = uploads.keep(checked=page, guardian_id=guardian.id, is_health=False, at=at)
    [request] = asking.ask(
        guardian_id=guardian.id,
        kind=Kind(told["kind"]),
        key=told["key"],
        participant_ids=[None],
        words=told.get("words", ""),
        upload_ids=[upload.id],
        actor=actor,
        at=at,
    )
    if "granted" in told:
        _grant(request, told["granted"], at)


def _ask_support(told: dict[str, Any], guardian: Guardian, actor: Actor, at: datetime) -> None:
    """The calendar of such requests moves with the day, and is over for a few weeks of each year."""
    option = Option.objects.select_related("offering").get(offering__slug=told["offering"], code=told["option"])
    calendar = support.calendar_of(option.offering)
    if calendar is None or not calendar.is_open(clock.local_date(at, queries.profile().zone)):
        return
    [child] = families.participants_of(guardian.id)
    support.ask(
        guardian_id=guardian.id,
        participant_id=child.id,
        option_ids=[option.id],
        words=told["words"],
        actor=actor,
        at=at,
    )


def _grant(request: Entitlement, answer: str, at: datetime) -> None:
    profile = queries.profile()
    today, rule = clock.local_date(at, profile.zone), read(profile.rules).prices.residence
    last = terms.last_day(Kind(request.kind), from_on=today, rule=rule)
    granted = Granted(from_on=today, until_on=last, key=request.key, answer=answer)
    deciding.accept(entitlement_ids=[request.id], granted=granted, actor=SYSTEM, at=at)


def drawn(words: str) -> bytes:
    """A page that says what it stands for."""
    page = Image.new("RGB", (640, 400), "white")
    ImageDraw.Draw(page).text((40, 60), words, fill="black", font_size=20)
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()
