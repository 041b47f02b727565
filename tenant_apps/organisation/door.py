"""What the organisation's rules allow at its door: told to the accounts, and written."""

from datetime import datetime

from django.http import HttpRequest

from kernel import clock
from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.accounts import access
from shared_apps.accounts.models import User
from shared_apps.accounts.providers.rules import DoorRules, Passwords
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation import context, national_number, queries
from tenant_apps.organisation.models import Profile
from tenant_apps.organisation.rules import read


def rules(request: HttpRequest) -> DoorRules:
    profile = context.profile_of(request)
    told = read(profile.rules)
    known = told.passwords in set(Passwords)
    return DoorRules(
        passwords=Passwords(told.passwords) if known else Passwords.SHOWN,
        asks_national_number=national_number.holds(profile, at=clock.now()),
    )


@operation
def allow_passwords(*, choice: str, actor: Actor, at: datetime) -> None:
    """Raises ValueError for what is no choice."""
    profile = lock_one(Profile.objects.all())
    profile.rules = {**profile.rules, "passwords": Passwords(choice).value}
    profile.save(update_fields=["rules"])
    audit.record(
        action="organisation.passwords",
        subject="organisation",
        subject_id=None,
        actor=actor,
        at=at,
        details={"choice": choice},
    )


def takes_codes(request: HttpRequest) -> bool:
    return not access.is_operations(request) and read(context.profile_of(request).rules).sign_in_with_code


def works_here(user: User) -> bool:
    return queries.staff_member_of(user) is not None
