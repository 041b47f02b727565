"""Operators see what was brought back; they begin nothing from here."""

import pytest

from tenants.context import in_registry
from tenants.models import Organisation, Restore, WorkState
from tests.clients import HostClient
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db
PAGE = "/console/organisations/a/restaurations"


def a_restore(**columns: object) -> Restore:
    with in_registry():
        return Restore.objects.create(
            organisation=Organisation.objects.get(slug="a"), moment=NOON, asked_by="manage.py", asked_at=NOON, **columns
        )


def test_one_that_is_done_says_what_it_found(operator: HostClient) -> None:
    done = {"money": {"recovered": ["K7PM-4XQ9: 51.00 cad"], "recovered_cents": 5100}, "files": {"missing": []}}
    a_restore(state=WorkState.DONE, finished_at=NOON, report={"wrecked": "wrecked_1", "done": done})

    shown = operator.get(PAGE).content.decode()

    for words in ("Terminé", "<dt>Paiements retrouvés</dt><dd>1</dd>", "<dt>Fichiers manquants</dt><dd>0</dd>"):
        assert words in shown
    assert "wrecked_1" in shown
    # Whose order it was is the organisation's to know.
    assert "K7PM" not in shown


def test_one_that_failed_says_why(operator: HostClient) -> None:
    a_restore(state=WorkState.FAILED, step="begun", error="NotThere: …")

    shown = operator.get(PAGE).content.decode()

    assert ("NotThere" in shown, "begun" in shown, "Interrompu" in shown) == (True, True, True)


def test_none_is_said_too(operator: HostClient) -> None:
    assert "n’a jamais été ramenée" in operator.get(PAGE).content.decode()


def test_it_only_shows(operator: HostClient, visitor: HostClient) -> None:
    assert operator.post(PAGE).status_code == 405
    visitor.logout()
    assert visitor.get(PAGE).status_code in (302, 403)
