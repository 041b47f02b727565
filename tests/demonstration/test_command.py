"""`manage.py demonstration`, through the payment sandbox and its real client."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from pytest_django import Settings

from billing.gateway.client import client as processor_client
from billing.models import ConnectedAccount
from deploy.embedded import services
from shared_apps.accounts.models import User
from tenant_apps.demonstration import reading
from tenant_apps.organisation.models import Payee
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox() -> Iterator[dict[str, str]]:
    with services.temporary_folder() as folder, services.sandbox(folder, webhook_url="http://127.0.0.1:1/") as server:
        yield server.environment()


@pytest.fixture
def processor(sandbox: dict[str, str], settings: Settings) -> Iterator[None]:
    for name, value in sandbox.items():
        setattr(settings, name, value)
    processor_client.cache_clear()
    yield
    processor_client.cache_clear()


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("demonstration", *arguments, stdout=printed)
    return printed.getvalue()


@pytest.mark.usefixtures("processor")
def test_it_opens_every_door_it_prints_and_again_the_same() -> None:
    told = json.loads(run("--json"))
    again = json.loads(run("--json"))

    assert told == again
    assert list(told["organisations"]) == list(reading.KEYS)
    for key, doors in told["organisations"].items():
        with in_registry():
            organisation = Organisation.objects.get(slug=doors["host"])
        with in_organisation(organisation):
            logins = [doors["guardian"], *doors["staff"].values()]
            for login in logins:
                assert User.objects.get(email=login["email"]).check_password(login["password"])
            emails = {login["email"] for login in logins}
            if key in reading.requests():
                emails.add(reading.requests()[key]["neighbour"]["email"])
            emails |= {family["email"] for family in reading.openings().get(key, {}).get("families", [])}
            assert set(EmailAddress.objects.filter(verified=True).values_list("email", flat=True)) == emails
            accounts = list(Payee.objects.order_by("name").values_list("processor_account", flat=True))
        assert len(accounts) == len(reading.data(key)["payees"])
        with in_registry():
            chargeable = ConnectedAccount.objects.filter(processor_id__in=accounts, charges_enabled=True)
            assert chargeable.count() == len(accounts)


@pytest.mark.usefixtures("processor")
def test_the_second_factor_of_the_operator_and_of_staff_is_the_one_printed() -> None:
    told = json.loads(run("--json"))
    people = [("ops", told["operator"])]
    for key, doors in told["organisations"].items():
        people += [(reading.data(key)["slug"], login) for login in doors["staff"].values()]

    for slug, login in people:
        with in_registry():
            organisation = Organisation.objects.get(slug=slug)
        with in_organisation(organisation):
            authenticator = Authenticator.objects.get(user__email=login["email"], type=Authenticator.Type.TOTP)
            assert login["totp_secret"] not in authenticator.data["secret"]
            counter = next(yield_hotp_counters_from_time())
            code = format_hotp_value(hotp_value(login["totp_secret"], counter))
            assert TOTP(authenticator).validate_code(code)


def test_a_day_that_is_none_is_refused_before_anything_is_made() -> None:
    with pytest.raises(CommandError, match="--as-of wants a day like 2022-11-23, not 'demain'"):
        run("--as-of", "demain")
