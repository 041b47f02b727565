"""An organisation with a plan, at the real sandbox, whose clock goes with ours."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billing import changing, plans, subscriptions
from billing.gateway.client import client as processor_client
from billing.models import Invoice, ProcessorEvent, Subscription
from billing.tasks import look_at_all
from billing.webhooks import inbox
from kernel import clock
from shared_apps.outbox.models import Event
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.factories.organisation import an_organisation_profile
from tests.payments.conftest import running_sandbox as running_sandbox
from tests.payments.conftest import sandbox as sandbox
from tests.payments.sandbox import Sandbox

# Thirty days later is the second of December: the trial ends with that month, at six in Montréal.
BEGINNING = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
TRIAL_END = datetime(2027, 1, 1, 11, 0, tzinfo=UTC)
GATINEAU = {
    "line1": "25, rue Laurier",
    "city": "Gatineau",
    "postal_code": "J8X 4C8",
    "state": "QC",
    "country": "CA",
}
DETAILS = {"name": "Ville de Gatineau", "email": "comptes@gatineau.example", "address": GATINEAU}


@dataclass
class Platform:
    """What happens outside: time passes, the processor tells, the hour strikes."""

    sandbox: Sandbox

    def go_to(self, moment: datetime) -> None:
        clock.advance(moment - clock.now())
        self.sandbox.control("clock", {"now": moment.timestamp()})

    def strike(self, moment: datetime) -> None:
        """The hourly task, at that moment."""
        self.go_to(moment)
        with in_registry():
            look_at_all(at=moment)

    def told(self) -> list[dict[str, Any]]:
        """What the processor tells of the platform's own account, oldest first."""
        return [json.loads(str(event)) for event in reversed(processor_client().v1.events.list({"limit": 100}).data)]

    def deliver(self, events: list[dict[str, Any]]) -> None:
        """Each is put in the inbox once, as its door does, then all are handled."""
        at = clock.now()
        rows = [
            ProcessorEvent(processor_id=event["id"], kind=event["type"], payload=event, received_at=at, due_at=at)
            for event in events
        ]
        with in_registry():
            ProcessorEvent.objects.bulk_create(rows, ignore_conflicts=True)
            inbox.handle_waiting(at=clock.now())


@pytest.fixture
def platform(sandbox: Sandbox, settings: Any, tmp_path: Path) -> Platform:
    settings.CLOCK_FILE = tmp_path / "clock"
    made = Platform(sandbox)
    made.go_to(BEGINNING)
    return made


@pytest.fixture
def on_trial(organisation_a: Organisation, platform: Platform) -> Organisation:
    """Organisation A, on trial of the smallest plan since BEGINNING."""
    an_organisation_profile()
    plans.sync()
    subscriptions.begin_trial(organisation_id=organisation_a.id, plan="essentiel", at=BEGINNING)
    return organisation_a


@pytest.fixture
def invoiced(on_trial: Organisation, platform: Platform) -> Organisation:
    """Organisation A, with its first invoice, due thirty days after TRIAL_END."""
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=BEGINNING)
    platform.strike(TRIAL_END)
    return on_trial


def subscription_of(organisation: Organisation) -> Subscription:
    with in_registry():
        return Subscription.objects.select_related("plan").get(organisation=organisation)


def invoices_of(organisation: Organisation) -> list[Invoice]:
    with in_registry():
        return list(Invoice.objects.filter(organisation=organisation).order_by("issued_at"))


def steps_told(organisation: Organisation) -> list[str]:
    with in_organisation(organisation):
        events = Event.objects.filter(kind="billing.reminder").order_by("created_at")
        return [event.payload["step"] for event in events]


def state_of(organisation: Organisation) -> tuple[str, str]:
    with in_registry():
        fresh = Organisation.objects.get(pk=organisation.pk)
        return fresh.state, fresh.suspended_for
