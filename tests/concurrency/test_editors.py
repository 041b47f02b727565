"""Two people save the same page of an activity at the same instant: the second is told, and overwrites nothing."""

from threading import Event
from typing import Any

import pytest
from django.db import transaction

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog import history
from tenant_apps.catalog.errors import ChangedSince
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import many, offerings
from tenant_apps.catalog.operations.wanted import Wanted
from tenants.models import Organisation
from tests.concurrency.crowd import rush, until_somebody_waits
from tests.factories.catalog import an_offering
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee, an_organisation_profile


def saved_by_two(organisation: Organisation) -> tuple[list[BaseException], str]:
    """Both filled in the same page; Marie has not finished saving when Paul begins."""
    offering, has_begun = an_offering("Camp"), Event()
    seen = history.marks(history.state(offering))

    def save(who: str) -> None:
        said: dict[str, Any] = {"columns": {"title": f"De {who}"}, "seen": seen, "actor": SYSTEM, "at": NOON}
        if who == "Paul":
            has_begun.wait(timeout=10)
            offerings.change_offering(offering_id=offering.id, **said)
            return
        with transaction.atomic():
            offerings.change_offering(offering_id=offering.id, **said)
            has_begun.set()
            until_somebody_waits()

    refused = rush(organisation, ["Marie", "Paul"], save)
    return refused, Offering.objects.get(pk=offering.pk).title


def test_the_second_is_told_and_overwrites_nothing(transactional_db: None, organisation_a: Organisation) -> None:
    refused, title = saved_by_two(organisation_a)

    assert ([type(each) for each in refused], title) == ([ChangedSince], "De Marie")


def test_without_the_lock_the_first_would_be_lost(
    transactional_db: None, organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offerings, "lock_one", lambda rows: rows.get())

    refused, title = saved_by_two(organisation_a)

    assert (refused, title) == ([], "De Paul")


def test_a_table_takes_the_next_address_when_an_editor_is_quicker(
    transactional_db: None, organisation_a: Organisation
) -> None:
    an_organisation_profile()
    columns = {"title": "Camp", "nature": "camp", "selection": "one", "payee": a_payee()}
    has_begun = Event()

    def add(who: str) -> None:
        if who == "table":
            has_begun.wait(timeout=10)
            many.attempt(wanted=[Wanted(2, "Camp", None, columns)], actor=SYSTEM, at=NOON)
            return
        with transaction.atomic():
            offerings.add_offering(columns=columns, actor=SYSTEM, at=NOON)
            has_begun.set()
            until_somebody_waits()

    refused = rush(organisation_a, ["editor", "table"], add)

    assert refused == []
    assert sorted(Offering.objects.values_list("slug", flat=True)) == ["camp", "camp-2"]
