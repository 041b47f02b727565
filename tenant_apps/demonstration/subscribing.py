"""What the four organisations have of the platform, where payments are simulated: a trial, two that pay, one late."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from django.conf import settings

from billing import changing, following, invoicing, plans, subscriptions
from billing.models import Invoice, Subscription, Usage
from kernel import clock
from tenant_apps.demonstration.onboarding import is_simulated
from tenants.context import in_registry
from tenants.models import Organisation

_LATE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class _Customer:
    """`state`: "trial", "paid" or "late". `people`: about how many take part on a day."""

    plan: str
    state: str
    people: int
    email: str
    address: dict[str, str]


def _at(line1: str, city: str, postal_code: str, state: str, country: str) -> dict[str, str]:
    return {"line1": line1, "city": city, "postal_code": postal_code, "state": state, "country": country}


_CUSTOMERS = {
    "school_board_qc": _Customer(
        "grand", "paid", 64, "comptes@csserables.example", _at("40, rue du Parc", "Gatineau", "J8X 2T3", "QC", "CA")
    ),
    "city_qc": _Customer(
        "standard", "paid", 31, "finances@ville.example", _at("25, rue Laurier", "Gatineau", "J8X 4C8", "QC", "CA")
    ),
    "school_board_on": _Customer(
        "standard", "late", 12, "accounts@board.example", _at("10 Elm Street", "Ottawa", "K1N 6N5", "ON", "CA")
    ),
    "commune_be": _Customer(
        "essentiel", "trial", 4, "compta@commune.example", _at("Grand-Place 1", "Namur", "5000", "", "BE")
    ),
}


def subscribe(organisation: Organisation, key: str, *, at: datetime) -> None:
    """What is there already is left alone."""
    plans.sync()
    subscriptions.begin_trial(organisation_id=organisation.pk, at=at)
    with in_registry():
        subscription = Subscription.objects.get(organisation=organisation)
    if subscription.billing.get("address") or not is_simulated():
        return
    customer = _CUSTOMERS[key]
    billing = {"name": organisation.name, "email": customer.email, "address": customer.address}
    _use(organisation, customer.people, at)
    changing.choose_plan(organisation_id=organisation.pk, code=customer.plan, at=at)
    changing.write_details(organisation_id=organisation.pk, billing=billing, at=at)
    if customer.state != "trial":
        invoicing.begin(organisation_id=organisation.pk, at=at)
        _settle(organisation, customer.state, at)


def _settle(organisation: Organisation, state: str, at: datetime) -> None:
    with in_registry():
        invoice = Invoice.objects.get(organisation=organisation)
    if state == "paid":
        changing.paid_elsewhere(organisation_id=organisation.pk, invoice_id=invoice.pk, at=at)
        return
    _write_over(invoice.processor_id, due_date=int((at - _LATE).timestamp()))
    following.refresh(organisation_id=organisation.pk, at=at)


def _use(organisation: Organisation, people: int, at: datetime) -> None:
    """The days since the first of last month, up to yesterday; fewer at the end of each week."""
    today = clock.local_date(at, ZoneInfo(organisation.time_zone))
    day = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    rows = []
    while day < today:
        number = people // 4 if day.weekday() > 4 else people + day.day % 7
        rows.append(
            Usage(
                organisation=organisation,
                day=day,
                participants=number,
                transactions=number,
                volume_cents=number * 5_500,
                sent_at=at,
            )
        )
        day += timedelta(days=1)
    with in_registry():
        Usage.objects.bulk_create(rows, ignore_conflicts=True)


def _write_over(name: str, **fields: Any) -> None:
    address = f"{settings.STRIPE_API_BASE}/_control/objects/{name}"
    body = json.dumps(fields).encode()
    request = Request(address, data=body, headers={"Content-Type": "application/json"}, method="POST")  # noqa: S310
    with urlopen(request, timeout=10):  # noqa: S310 - the address of the settings
        pass
