"""Tells the accounts what the organisation's rules allow at its door."""

from django.http import HttpRequest

from shared_apps.accounts import access
from shared_apps.accounts.models import User
from shared_apps.accounts.providers_rules import DoorRules, Passwords
from tenant_apps.organisation import context, queries
from tenant_apps.organisation.rules import read


def rules(request: HttpRequest) -> DoorRules:
    told = read(context.profile_of(request).rules)
    known = told.passwords in set(Passwords)
    return DoorRules(
        passwords=Passwords(told.passwords) if known else Passwords.SHOWN,
        asks_national_number=bool(told.national_number_reason),
    )


def takes_codes(request: HttpRequest) -> bool:
    return not access.is_operations(request) and read(context.profile_of(request).rules).sign_in_with_code


def works_here(user: User) -> bool:
    return queries.staff_member_of(user) is not None
