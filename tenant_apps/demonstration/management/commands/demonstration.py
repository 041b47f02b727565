"""Loads the demonstration and says how to enter it."""

import json
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from tenant_apps.demonstration import identities, loading, onboarding, people, reading, subscribing
from tenants.context import in_organisation


class Command(BaseCommand):
    help = "Make the four organisations of the demonstration, or add what they lack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the logins for programs")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="count the dates from that day instead of today")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["as_of"])
        loading.load_operations()
        for key in reading.KEYS:
            organisation = loading.ensure(key)
            with in_organisation(organisation):
                loading.fill(key, at=at)
                onboarding.connect(organisation, key, at=at)
                identities.connect(key, at=at)
                subscribing.subscribe(organisation, key, at=at)
        logins = _logins()
        self.stdout.write(json.dumps(logins, ensure_ascii=False) if options["json"] else _listed(logins))


def _moment(as_of: str | None) -> datetime:
    if as_of is None:
        return clock.now()
    try:
        # At noon, so that every time zone agrees on the day.
        return datetime.combine(date.fromisoformat(as_of), time(12), tzinfo=UTC)
    except ValueError:
        raise CommandError(f"--as-of wants a day like 2022-11-23, not {as_of!r}.") from None


def _logins() -> dict[str, Any]:
    return {
        "operator": _staff_login(people.OPERATOR_EMAIL),
        "organisations": {key: _organisation(reading.data(key)) for key in reading.KEYS},
    }


def _organisation(data: reading.Data) -> dict[str, Any]:
    return {
        "host": data["slug"],
        "staff": {role: _staff_login(person["email"]) for role, person in data["staff"].items()},
        "guardian": _login(data["guardian"]["email"]),
    }


def _login(email: str) -> dict[str, str]:
    return {"email": email, "password": people.PASSWORD}


def _staff_login(email: str) -> dict[str, str]:
    return _login(email) | {"totp_secret": people.SECOND_FACTOR_SECRET}


def _listed(logins: dict[str, Any]) -> str:
    lines = [f"operator  {logins['operator']['email']}"]
    for organisation in logins["organisations"].values():
        lines += ["", organisation["host"]]
        lines += [f"  {role}  {login['email']}" for role, login in organisation["staff"].items()]
        lines += [f"  guardian  {organisation['guardian']['email']}"]
    of_all = [f"Every password is {people.PASSWORD}", f"The second factor of staff is {people.SECOND_FACTOR_SECRET}"]
    return "\n".join([*lines, "", *of_all])
