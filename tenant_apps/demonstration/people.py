"""Loads the people of the demonstration: staff in every role, a guardian with two children, the platform's operator."""

from datetime import datetime
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenant_apps.demonstration import records
from tenant_apps.demonstration.reading import Data
from tenant_apps.families import queries
from tenant_apps.families.identity import Identity
from tenant_apps.families.operations import guardians, participants
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Establishment, Level

# Printed for whoever tries the platform: they open a demonstration and nothing else.
PASSWORD = "preau-demonstration"  # noqa: S105
OPERATOR_EMAIL = "operatrice@preau.example"
# Of the operator and of all staff, whose work cannot be entered without a second factor.
SECOND_FACTOR_SECRET = "PREAUDEMONSTRATIONSECRETPLATFORM"  # noqa: S105


def load_operator() -> None:
    _give_second_factor(_account(OPERATOR_EMAIL, "Odile", "Opératrice"))


def load_staff(data: Data, *, places: dict[str, Establishment]) -> None:
    for role, person in data["staff"].items():
        user = _account(person["email"], person["first_name"], person["last_name"])
        _give_second_factor(user)
        organisation.put_staff_member(
            user_id=user.id,
            role=role,
            establishments=[places[code] for code in person.get("establishments", [])],
        )


def load_guardian(data: Data, *, places: dict[str, Establishment], at: datetime) -> None:
    person = data["guardian"]
    user = _account(person["email"], person["first_name"], person["last_name"])
    guardian = guardians.ensure_guardian(user=user, at=at)
    actor = Actor(kind="guardian", user_id=user.id, label=str(user))
    if queries.participants_of(guardian.id):
        return
    guardians.change_guardian(
        guardian_id=guardian.id,
        first_name=user.first_name,
        last_name=user.last_name,
        phone=person["phone"],
        actor=actor,
        at=at,
    )
    levels = {level.code: level for level in Level.objects.all()}
    for child in person["participants"]:
        participant = participants.add_participant(
            guardian_id=guardian.id,
            identity=_identity(child, places, levels),
            answers=records.sorted_out({**person["answers"], **child["answers"]}),
            actor=actor,
            at=at,
            role=child.get("role", "parent"),
        )
        guardian.refresh_from_db()
        records.sign(child.get("records", {}), child=participant, guardian=guardian, actor=actor, at=at)


def _identity(child: dict[str, Any], places: dict[str, Establishment], levels: dict[str, Level]) -> Identity:
    return Identity(
        last_name=child["last_name"],
        first_name=child["first_name"],
        birth_date=child["birth_date"],
        establishment_id=places[child["establishment"]].id if "establishment" in child else None,
        level_id=levels[str(child["level"])].id,
        student_number=child["answers"].pop("student_number", ""),
    )


def _give_second_factor(user: User) -> None:
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECOND_FACTOR_SECRET)


def _account(email: str, first_name: str, last_name: str) -> User:
    """An account that is not there yet, with its address known to be its own. One that is there keeps its password."""
    columns: dict[str, Any] = {"first_name": first_name, "last_name": last_name, "password": _hashed_password}
    user, _ = User.objects.get_or_create(email=email, defaults=columns)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
    return user


@cache
def _hashed_password() -> str:
    """Made slowly, as it must: once for everybody."""
    return make_password(PASSWORD)
