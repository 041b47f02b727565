"""Things of the organisation, one function each; what a test does not say is anything that is allowed."""

from itertools import count
from typing import Any

from shared_apps.accounts.models import User
from tenant_apps.organisation import operations
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile, Role, StaffMember

_number = count(1)


def an_organisation_profile(**columns: Any) -> Profile:
    operations.begin(name="Organisation A", time_zone="America/Toronto", currency="cad", territory="CA", language="fr")
    return operations.describe(**{"languages": ["fr", "en"], **columns})


def a_payee(name: str = "", *, processor_account: str = "acct_test", **columns: Any) -> Payee:
    name = name or f"Payee {next(_number)}"
    return Payee.objects.create(**{"name": name, "legal_name": name, "processor_account": processor_account, **columns})


def an_establishment(name: str = "", **columns: Any) -> Establishment:
    number = next(_number)
    return Establishment.objects.create(
        **{"code": f"school-{number}", "name": name or f"École {number}", "position": number, **columns}
    )


def a_level(name: str = "", **columns: Any) -> Level:
    number = next(_number)
    return Level.objects.create(
        **{"code": f"level-{number}", "name": name or f"Niveau {number}", "position": number, **columns}
    )


def a_user(email: str = "", *, password: str | None = None, **columns: Any) -> User:
    return User.objects.create_user(email or f"person{next(_number)}@example.org", password, **columns)


def a_staff_member(role: str = Role.ADMINISTRATOR, *, establishments: list[Establishment] | None = None) -> StaffMember:
    return operations.put_staff_member(user_id=a_user().id, role=role, establishments=establishments or [])
