"""What is used: counted once for each day, told once to the meter, billed beyond what is included."""

from datetime import date, datetime, timedelta

import pytest

from billing import changing, usage
from billing.gateway.client import ProcessorUnavailable
from billing.gateway.client import client as processor_client
from billing.models import Usage
from kernel import clock
from tenants.context import in_organisation, in_registry
from tests.billing.conftest import BEGINNING, DETAILS, TRIAL_END, invoices_of, subscription_of
from tests.factories.catalog import an_option
from tests.factories.changes import a_paid
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import TORONTO
from tests.factories.organisation import an_organisation_profile

DAY = timedelta(days=1)
FIRST = date(2027, 1, 1)


def used(organisation):
    with in_registry():
        rows = Usage.objects.filter(organisation=organisation).order_by("day")
        return [(row.day, row.participants, row.transactions, row.volume_cents) for row in rows if row.participants]


def a_used_day(organisation, day, participants):
    with in_registry():
        return Usage.objects.create(organisation=organisation, day=day, participants=participants)


def in_montreal(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=TORONTO)


def told_to_the_meter(organisation, *, since=TRIAL_END):
    """What the processor counts from then on."""
    meter = processor_client().v1.billing.meters.list({"status": "active"}).data[0]
    period = {"start_time": int(since.timestamp()), "end_time": int((TRIAL_END + 300 * DAY).timestamp())}
    found = processor_client().v1.billing.meters.event_summaries.list(
        meter.id, {"customer": subscription_of(organisation).customer_id, **period}
    )
    return sum(summary.aggregated_value for summary in found.data)


def test_each_day_is_counted_once_when_it_is_over(on_trial, monkeypatch):
    asked = []
    monkeypatch.setattr(usage, "COUNTS", [("one", lambda start, end, month: asked.append(start) or {})])
    with in_registry():
        type(on_trial).objects.update(created_at=BEGINNING)
    on_trial.created_at = BEGINNING
    at = BEGINNING + 3 * DAY

    usage.count_days(at=at)
    usage.count_days(at=at + timedelta(hours=2))

    assert [start.date() for start in asked] == [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)]
    assert asked[0] == in_montreal(date(2026, 11, 2), 0)


def test_days_missed_by_a_worker_are_counted_when_it_is_back(on_trial, monkeypatch):
    asked = []
    monkeypatch.setattr(usage, "COUNTS", [("one", lambda start, end, month: asked.append(start) or {})])
    a_used_day(on_trial, date(2026, 12, 1), 1)

    usage.count_days(at=in_montreal(date(2026, 12, 5)))

    assert [start.date() for start in asked] == [date(2026, 12, day) for day in (2, 3, 4)]


def test_two_workers_that_count_the_same_day_keep_one_row(on_trial, monkeypatch):
    monkeypatch.setattr(usage, "COUNTS", [("one", lambda start, end, month: {"participants": 3})])

    usage._count(FIRST, TORONTO)
    usage._count(FIRST, TORONTO)

    assert used(on_trial) == [(FIRST, 3, 0, 0)]


def test_what_is_beyond_the_plan_is_on_the_next_invoice_whatever_runs_twice(invoiced, platform):
    a_used_day(invoiced, FIRST, 149)
    a_used_day(invoiced, date(2027, 1, 31), 4)
    # The last day of the month is told in the night, before the month is invoiced at six.
    platform.go_to(in_montreal(date(2027, 2, 1), 3))

    usage.send(at=clock.now())
    with in_registry():
        Usage.objects.update(sent_at=None)
    usage.send(at=clock.now())

    assert told_to_the_meter(invoiced) == 153
    platform.strike(in_montreal(date(2027, 2, 1), 7))
    last = invoices_of(invoiced)[-1]
    # 49.00 and three at 0.60, then TPS 2.45 + 0.09, TVQ 4.89 + 0.18.
    assert (last.net_cents, last.tax_cents, last.total_cents) == (5080, 761, 5841)


def test_one_organisations_use_is_not_anothers(invoiced, organisation_b, platform):
    a_used_day(organisation_b, FIRST, 500)
    platform.go_to(in_montreal(date(2027, 1, 2)))

    usage.send(at=clock.now())
    with in_organisation(organisation_b):
        usage.send(at=clock.now())

    assert told_to_the_meter(invoiced) == 0


def test_what_was_used_on_trial_is_never_told(on_trial, platform):
    a_used_day(on_trial, date(2026, 12, 31), 700)
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=BEGINNING)
    platform.strike(TRIAL_END)

    usage.send(at=TRIAL_END)
    assert told_to_the_meter(on_trial, since=BEGINNING) == 0
    platform.strike(TRIAL_END + 32 * DAY)

    assert [invoice.net_cents for invoice in invoices_of(on_trial)] == [4900, 4900]


def test_the_meter_away_is_told_the_next_time(invoiced, platform):
    row = a_used_day(invoiced, FIRST, 5)
    platform.go_to(in_montreal(date(2027, 1, 2)))
    rules = [{"kind": "drop_reply", "method": "POST", "path": "meter_events", "times": 3}]
    platform.sandbox.control("faults", {"rules": rules})
    with pytest.raises(ProcessorUnavailable):
        usage.send(at=clock.now())
    platform.sandbox.control("faults", {"rules": []})

    usage.send(at=clock.now())

    row.refresh_from_db()
    assert (told_to_the_meter(invoiced), row.sent_at is None) == (5, False)


def test_a_child_counts_once_a_month_on_the_day_of_the_first_registration(organisation_a):
    an_organisation_profile()
    guardian = a_guardian()
    ada, bo = a_child("Ada", of=guardian), a_child("Bo", of=guardian)
    for child, day in ((ada, 4), (ada, 4), (ada, 5), (bo, 5), (ada, 40)):
        at = in_montreal(date(2026, 9, 1)) + day * DAY
        a_paid(an_option(), child=child, guardian=guardian, at=at)

    def people(day):
        start = clock.start_of_day(day, TORONTO)
        counts = [count for _, count in usage.COUNTS]
        found = {}
        for count in counts:
            found |= count(start, start + DAY, clock.start_of_day(day.replace(day=1), TORONTO))
        return found["participants"], found["transactions"]

    assert [people(date(2026, 9, day)) for day in (5, 6)] == [(1, 2), (1, 2)]
    assert people(date(2026, 10, 11)) == (1, 1)
