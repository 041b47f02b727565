"""Families pay while the web and the worker are killed again and again, and the processor loses, repeats and shuffles.

What is counted comes from the processor's own books and from the tables, once a sweep has been by: no payment lost,
none doubled, no place sold twice, nothing held for ever, and a ledger that says what the processor says.
`CRASHES` of the database itself are made where this run has a database of its own.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from billing.gateway.client import client as processor_client
from billing.models import ConnectedAccount
from billing.operations import connect_account, refresh_account
from deploy.embedded import accounts, ports, services
from deploy.embedded.process import launch
from kernel import clock
from kernel.database import connection
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Receipt, Refund, RefundStatus, Status
from tenant_apps.payments.operations.refund import send_refunds
from tenant_apps.payments.operations.sweep import sweep
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as RegistrationStatus
from tests.bench.family import FULL, Browser, Unexpected, chooses
from tests.bench.opening_day import HOST, Family, families
from tests.bench.server import Server, database_pid, serving
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.payments.sandbox import Sandbox

CHECK_OUTS, AT_ONCE = int(os.environ.get("CHECK_OUTS", "120")), int(os.environ.get("AT_ONCE", "8"))
PLACES = CHECK_OUTS * 9 // 10
KILLS, CRASHES = int(os.environ.get("KILLS", "12")), int(os.environ.get("CRASHES", "2"))
PRICE = 5500
PATIENCE_SECONDS = 240
FAULTS = [
    {"kind": "duplicate", "types": "checkout", "copies": 4, "share": 0.5},
    {"kind": "shuffle", "seconds": 3},
    {"kind": "never", "types": "checkout", "share": 0.02},
    {"kind": "webhook_delay", "types": "checkout", "seconds": 3 * 86_400, "share": 0.05},
    {"kind": "before_reply", "share": 0.2},
    {"kind": "drop_reply", "method": "POST", "path": "sessions", "share": 0.05},
]


def measure_payment_kills(transactional_db, organisation_a, settings):
    an_organisation_profile()
    with ExitStack() as started:
        port = ports.any_free()
        folder = started.enter_context(services.temporary_folder())
        where = f"http://localhost:{port}/webhooks/stripe"
        sandbox, account = _sandbox(started.enter_context(services.sandbox(folder, webhook_url=where)), settings)
        payee = a_payee(processor_account=account)
        option = an_option("Groupe A", places=PLACES, price=PRICE, offering=an_offering("Sortie", payee=payee))
        everyone = families(CHECK_OUTS)
        server = started.enter_context(serving(background=True, port=port, more=_told(settings)))
        sandbox.control("faults", {"rules": FAULTS})
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            paying = [crowd.submit(_pays, port, sandbox, family, option) for family in everyone]
            killed = _kill(server, lambda: all(each.done() for each in paying))
            outcomes = Counter(each.result() for each in paying)
        wall = time.monotonic() - began
        sandbox.control("faults", {"rules": []})
        _come_to_rest(sandbox)
        _tell(outcomes, killed, wall)
        _agrees(sandbox.books(account), option)


def _sandbox(server: Any, settings: Any) -> tuple[Sandbox, str]:
    for name, value in server.environment().items():
        setattr(settings, name, value)
    processor_client.cache_clear()
    sandbox = Sandbox(server.api)
    [organisation] = {connection.tenant.id}
    connected: ConnectedAccount = connect_account(
        organisation_id=organisation, name="Organisation A", email="a@example.org", at=clock.now()
    )
    sandbox.control(f"accounts/{connected.processor_id}/onboard", {})
    refresh_account(processor_id=connected.processor_id)
    return sandbox, connected.processor_id


def _told(settings: Any) -> dict[str, str]:
    names = ("STRIPE_API_BASE", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")
    return {name: str(getattr(settings, name)) for name in names}


def _pays(port: int, sandbox: Sandbox, family: Family, option: Any) -> str:
    """A family that tries again what failed, as people do, until it is told that it has a place or that it has none."""
    deadline, has_chosen = time.monotonic() + PATIENCE_SECONDS, False
    while time.monotonic() < deadline:
        browser = Browser(HOST, port, {"session": family.session})
        try:
            if not has_chosen:
                answer = chooses(browser, slug=option.offering.slug, child=family.child, option=option.id)
                if answer.status != 303 and "omplet" in answer.text:
                    return FULL
                has_chosen = True
            if (outcome := _checks_out(browser, sandbox)) is not None:
                return outcome
        except (OSError, Unexpected, ValueError, AttributeError):
            time.sleep(0.3)
        except Exception as error:
            # A connection that breaks in the middle of an answer has many names.
            if not type(error).__module__.startswith(("http", "urllib")):
                raise
            time.sleep(0.3)
        finally:
            browser.close()
    return "gave up"


def _checks_out(browser: Browser, sandbox: Sandbox) -> str | None:
    summary = browser.get("/commande")
    if summary.status == 303:
        return None
    if 'name="total"' not in summary.text:
        return "paid"
    sent = browser.post("/commande", summary.hidden())
    if sandbox.api not in sent.location:
        return None
    sandbox.pay(sent.location)
    browser.get("/mon-dossier")
    return None


def _kill(server: Server, is_over: Callable[[], bool]) -> Counter[str]:
    """At random moments, while the families pay.

    From the main thread: what it starts again must die with this process, and no sooner.
    """
    killed: Counter[str] = Counter()
    dice = random.Random(7)  # noqa: S311
    what = ["web"] * (KILLS // 2) + ["worker"] * (KILLS - KILLS // 2) + ["database"] * CRASHES
    dice.shuffle(what)
    for name in what:
        time.sleep(dice.uniform(0.5, 3))
        if is_over():
            break
        if name == "database":
            _crash()
        else:
            server.kill(name)
        killed[name] += 1
    return killed


def _crash() -> None:
    """As `pg_ctl stop -m immediate`, then a start on the same data."""
    postmaster = psutil.Process(database_pid())
    argv, env, folder = postmaster.cmdline(), postmaster.environ(), Path(postmaster.cwd())
    account = accounts.Account(postmaster.uids().real, postmaster.gids().real) if os.getuid() == 0 else None
    postmaster.send_signal(signal.SIGQUIT)
    postmaster.wait(30)
    with Path(os.devnull).open("wb") as nowhere:
        launch(tuple(argv), env=env, cwd=folder, stdout=nowhere, account=account, death_signal=signal.SIGINT)


def _come_to_rest(sandbox: Sandbox) -> None:
    """What the regular tasks do in the hours that follow, each event that is late included."""
    connection.close()
    for _ in range(3):
        sandbox.control("clock", {"advance_seconds": 4 * 3600})
        at = clock.now() + timedelta(hours=4)
        sweep(at=at)
        send_refunds(at=at)


def _agrees(books: dict[str, Any], option: Any) -> None:
    charges = [charge for charge in books["charges"] if charge["status"] == "succeeded"]
    taken = sum(charge["amount_captured"] - charge["amount_refunded"] for charge in charges)
    paid = Payment.objects.filter(status=Status.SUCCEEDED)
    confirmed = Registration.objects.filter(option=option, status=RegistrationStatus.CONFIRMED).count()
    back = Refund.objects.filter(status=RefundStatus.SUCCEEDED).values_list("payment_id", flat=True)

    assert {charge["payment_intent"] for charge in charges} == set(paid.values_list("intent_id", flat=True))
    assert ledger.totals()[Account.PROCESSOR] == taken
    assert sum(ledger.totals().values()) == 0
    assert taken == confirmed * PRICE
    assert set(ledger.balances_of_orders(list(Order.objects.values_list("id", flat=True))).values()) <= {0}
    assert paid.exclude(pk__in=back).count() == confirmed <= PLACES
    assert Order.objects.filter(status=OrderStatus.SETTLED).count() >= confirmed
    assert Places.objects.get(option_id=option.id).taken == confirmed
    assert not Registration.objects.filter(status__in=["held", "awaiting_payment"]).exists()
    numbers = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def _tell(outcomes: Counter[str], killed: Counter[str], wall: float) -> None:
    print(f"\nPayments under fire: {CHECK_OUTS} check-outs, {AT_ONCE} at once, {PLACES} places, {wall:.0f} s")
    print(f"  killed     {dict(killed)}")
    print(f"  families   {dict(outcomes)}")
    print(f"  payments   {dict(Counter(Payment.objects.values_list('status', flat=True)))}")
    print(f"  refunds    {dict(Counter(Refund.objects.values_list('reason', 'status')))}")
