"""One of three organisations is wrecked and brought back from the archive; the two others notice nothing."""

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from billing.operations import connect_account, refresh_account
from deploy.embedded import services
from deploy.embedded.process import REPOSITORY
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.families.models import Guardian
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Receipt, Status
from tenant_apps.payments.operations import settle
from tenant_apps.privacy import erasure
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.payments.sandbox import Sandbox
from tests.restoring.cluster import archived, checksum, command, told, visited
from tests.restoring.conftest import an_organisation, now, wreck


@pytest.fixture
def cluster(
    running_services: None, django_db_blocker: DjangoDbBlocker, settings: Any, tmp_path: Path
) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock(), archived("a", "b", "c") as folder:
        yield folder


def killed_when_it_says(words: str, moment: datetime, env: dict[str, str]) -> None:
    with subprocess.Popen(command(moment), env=env, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        heard = next((line for line in process.stdout if words in line), None)
        process.kill()
    assert heard


def pay(sandbox: Sandbox, order: Order, page: str) -> None:
    sandbox.pay(page)
    settle.settle(payment_id=Payment.objects.get(order=order, status=Status.STARTED).id, at=clock.now())


def test_one_comes_back_and_the_others_notice_nothing(
    cluster: Path, sandbox: Sandbox, running_sandbox: services.sandbox_server.Sandbox
) -> None:
    with in_organisation(an_organisation()) as organisation:
        an_organisation_profile()
        account = connect_account(organisation_id=organisation.pk, name="A", email="a@example.org", at=clock.now())
        sandbox.control(f"accounts/{account.processor_id}/onboard", {})
        refresh_account(processor_id=account.processor_id)
        offering = an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)
        options = [an_option(f"Camp {number}", price=5000, places=9, offering=offering) for number in range(4)]
        paid_before, open_then = an_order(options[0]), an_order(options[1])
        pay(sandbox, paid_before, a_page(paid_before))
        page = a_page(open_then)
        erased = a_guardian()
    for slug in ("b", "c"):
        with in_organisation(an_organisation(slug)):
            an_organisation_profile()
            a_guardian()
    moment = now()
    with in_organisation(an_organisation()):
        pay(sandbox, open_then, page)
        lost = an_order(options[2])
        pay(sandbox, lost, a_page(lost))
        erasure.erase(guardian_id=erased.id, actor=SYSTEM, at=clock.now())
        delivery.handle_events(at=clock.now())
    wreck("a", "TRUNCATE orders_order, families_participant CASCADE")
    others = {slug: checksum(slug) for slug in ("b", "c")}
    env = told(cluster, running_sandbox.environment())

    with visited("b", "c") as answers:
        killed_when_it_says("into the live database", moment, env)
        assert HostClient("a.localhost").get("/").status_code == 503
        done = subprocess.run(command(moment, "--json"), env=env, cwd=REPOSITORY, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert (set(answers), len(answers) > 20) == ({200}, True)
    assert {slug: checksum(slug) for slug in ("b", "c")} == others
    assert (report["state"], report["done"]["erasures"]) == ("done", {"families": 1})
    # Paid since on the page that was open then: the charge is known by its page; of the lost order: somebody's to see.
    assert report["done"]["books"]["breaks_cents"] == 5000
    with in_organisation(an_organisation()):
        assert {order.reference: order.status for order in Order.objects.all()} == {
            paid_before.reference: OrderStatus.SETTLED,
            open_then.reference: OrderStatus.SETTLED,
        }
        assert Guardian.objects.get(pk=erased.id).first_name == ""
        assert StatementLine.objects.get(status=LineStatus.OPEN).cents == 5000
        again = an_order(options[3])
        pay(sandbox, again, a_page(again))
        numbers = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    # One before, two were given since, of which one order is lost: none is given twice.
    assert numbers == [1, 4, 5]
    with in_registry():
        assert Organisation.objects.get(slug="a").state == "ready"
