"""What the platform looks at before it starts."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from kernel import checks
from tenants.models import Organisation


@pytest.mark.parametrize(
    ("change", "refused"),
    [({}, []), ({"PORT": "6432"}, ["preau.E001"]), ({"OPTIONS": {"pool_mode": "transaction"}}, ["preau.E001"])],
)
def test_it_does_not_start_behind_a_transaction_pooler(
    change: dict[str, object], refused: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in change.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)

    assert [message.id for message in checks.no_transaction_pooler(None)] == refused


@pytest.mark.django_db
def test_it_starts_on_the_database_of_the_tests() -> None:
    call_command("check", databases=["default"], tags=["database"])


def test_it_does_not_start_with_an_account_that_cannot_make_roles(organisation_a: Organisation) -> None:
    # The role of an organisation is such an account.
    with pytest.raises(CommandError, match=r"preau\.E003"):
        call_command("check", databases=["default"], tags=["database"])


@pytest.mark.django_db
def test_it_does_not_start_on_an_old_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_OLDEST_POSTGRESQL", 99)

    assert [error.id for error in checks.organisations_can_have_roles(None, databases=["default"])] == ["preau.E002"]
