"""What Prometheus is told, by whom it may be asked, and what it never learns."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from prometheus_client.parser import text_string_to_metric_families

from billing.models import ConnectedAccount, ProcessorEvent
from kernel import clock
from shared_apps.outbox.models import Message
from tenants.context import in_registry
from tenants.models import Domain, DomainState, Export, Organisation, SchemaMigration, WorkState
from tenants.tasks import each_organisation
from tenants.watching import pulse, queue
from tests.clients import HostClient
from tests.factories.families import a_child, a_guardian

pytestmark = pytest.mark.django_db

WORD = "the word"
CANARY = "Lovelace-canari"


@pytest.fixture(autouse=True)
def _with_a_word(settings: Any) -> None:
    settings.METRICS_TOKEN = WORD


def asked(word: str = WORD, host: str = "a.localhost") -> Any:
    return HostClient(host).get("/metrics", headers={"Authorization": f"Bearer {word}"})


def samples(**labels: str) -> dict[str, float]:
    """By name, those with these labels."""
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(asked().content.decode())
        for sample in family.samples
        if labels.items() <= sample.labels.items()
    }


@pytest.mark.parametrize("host", ["a.localhost", "localhost", "nobody.example.org"])
def test_who_says_the_word_is_answered_on_any_host(host: str) -> None:
    assert asked(host=host).status_code == 200


@pytest.mark.parametrize("word", ["", "another", WORD + "x", "thé wörd"])
def test_who_does_not_say_it_is_told_nothing(word: str) -> None:
    answer = asked(word)

    assert (answer.status_code, answer.content) == (401, b"Say the word.")


def test_without_a_word_there_is_no_such_page(settings: Any) -> None:
    settings.METRICS_TOKEN = ""

    assert asked("").status_code == 404


def test_a_request_is_counted_by_organisation_view_and_status() -> None:
    labels = {"organisation": "a", "view": "catalogue", "status": "2xx"}
    before = samples(**labels).get("preau_requests_total", 0)

    HostClient("a.localhost").get("/activites?q=x")

    assert samples(**labels)["preau_requests_total"] == before + 1
    assert samples(view="catalogue", status="2xx")["preau_request_seconds_count"] >= 1
    assert samples(organisation="a")["preau_organisation_request_seconds_count"] >= 1


def test_what_a_visitor_types_makes_no_series() -> None:
    for address in (f"/{CANARY}", f"/activites/{CANARY}", f"/activites?q={CANARY}"):
        HostClient("a.localhost").get(address)
    HostClient(f"{CANARY}.example.org").get("/")

    written = asked().content.decode()
    assert CANARY not in written
    assert CANARY.lower() not in written.lower()
    assert samples(organisation="none", status="4xx")["preau_requests_total"] >= 1


def test_no_person_is_in_it(organisation_a: Organisation) -> None:
    a_child(CANARY, of=a_guardian(first_name=CANARY))
    Message.objects.create(
        unique_key=CANARY, recipient=f"{CANARY}@example.org", language="fr", subject=CANARY, text=CANARY
    )
    pulse.take(at=clock.now())

    written = asked().content.decode()

    assert CANARY not in written
    assert samples(organisation="a")["preau_figure_participants"] == 1
    assert samples(organisation="a")["preau_figure_mail_waiting"] == 1


def test_the_registry_is_told_by_what_is_in_its_tables(organisation_a: Organisation) -> None:
    at = clock.now()
    with in_registry():
        mine = Organisation.objects.get(slug="a")
        Domain.objects.create(
            tenant=mine, domain="a.example.org", is_own=True, state=DomainState.BROKEN, is_primary=False
        )
        ConnectedAccount.objects.create(organisation=mine, processor_id="acct_1", name="École", charges_enabled=True)
        ConnectedAccount.objects.create(organisation=mine, processor_id="acct_2", name="Gone", disconnected_at=at)
        Export.objects.create(organisation=mine, asked_by="x", state=WorkState.RUNNING)
        SchemaMigration.objects.filter(organisation=mine).delete()
        ProcessorEvent.objects.create(
            processor_id="evt_1", kind="x", payload={}, received_at=at - timedelta(minutes=5), due_at=at
        )
        ProcessorEvent.objects.create(
            processor_id="evt_2", kind="x", payload={}, received_at=at, due_at=at, attempts=20
        )

    told = samples()
    assert (told["preau_migrations_behind"], told["preau_inbox_waiting"], told["preau_inbox_given_up"]) == (1, 1, 1)
    assert 300 <= told["preau_inbox_oldest_seconds"] < 360
    assert samples(state="broken")["preau_own_domains"] == 1
    assert samples(organisation="a")["preau_payees_paused"] == 1
    assert samples(state="running")["preau_exports_under_way"] == 1
    assert samples(state="ready")["preau_organisations"] == 3


def test_a_scrape_asks_the_same_however_many_organisations_there_are(
    organisation_a: Organisation, organisation_b: Organisation, django_assert_max_num_queries: Any
) -> None:
    pulse.take(at=clock.now())
    with django_assert_max_num_queries(30) as first:
        asked()
    number = len(first)
    from tenants.context import in_organisation

    with in_organisation(organisation_b):
        pulse.take(at=clock.now())
    with django_assert_max_num_queries(number):
        asked()


def broker() -> redis.Redis:
    return redis.Redis.from_url(django_settings.CELERY_BROKER_URL)


def test_the_queue_is_told_by_its_length_and_the_age_of_what_is_next() -> None:
    for age in (50, 20):
        broker().lpush("celery", json.dumps({"headers": {"sent_at": time.time() - age}}))

    read = queue.read()

    assert read is not None
    assert (read.waiting, read.taken) == (2, 0)
    assert 50 <= read.oldest_seconds < 60


@pytest.mark.parametrize("message", ["not JSON", "{}", '{"headers": {"sent_at": "x"}}', "[]"])
def test_a_message_of_somebody_else_has_no_age(message: str) -> None:
    broker().lpush("celery", message)

    read = queue.read()

    assert read is not None
    assert read.oldest_seconds == 0


def test_a_broker_that_is_away_is_said_so(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert queue.read() is None
    assert asked().status_code == 200


def test_a_real_message_carries_when_it_was_sent(organisation_a: Organisation) -> None:
    each_organisation.apply_async(kwargs={"task_name": "x"})

    read = queue.read()
    assert read is not None
    assert (read.waiting, read.oldest_seconds) == (1, 0)


def test_the_last_round_is_known(organisation_a: Organisation) -> None:
    assert queue.last_round() is None

    each_organisation.apply(kwargs={"task_name": "outbox.deliver"})

    last = queue.last_round()
    assert last is not None
    assert clock.now() - last < timedelta(minutes=1)
