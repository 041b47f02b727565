"""The operators' board, and the pages beside it: what goes wrong is seen, found, and acted on under one's own name."""

from datetime import timedelta
from typing import Any

import pytest

from billing.models import ConnectedAccount, Plan, ProcessorEvent, Subscription, SubscriptionState, Usage
from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message, MessageStatus
from tenants.context import in_organisation, in_registry
from tenants.models import (
    Domain,
    DomainState,
    Fault,
    JobRun,
    MigrationState,
    Organisation,
    Pulse,
    SchemaMigration,
    SignUp,
    SignUpState,
    State,
    SuspendedFor,
)
from tenants.schemas import migrations
from tests.clients import HostClient

WELL = {"mail_failed": 0, "mail_waiting": 0, "holds_ending": 0, "breaks_open": 0}


@pytest.fixture(autouse=True)
def _all_is_well(operations: Organisation) -> None:
    """Both organisations are up to date and have just said how they are."""
    for slug in ("a", "b"):
        brought_up_to_date(slug)
        told(slug)


def the(slug: str) -> Organisation:
    with in_registry():
        return Organisation.objects.get(slug=slug)


def brought_up_to_date(slug: str) -> None:
    with in_registry():
        SchemaMigration.objects.update_or_create(
            organisation=the(slug), defaults={"state": MigrationState.DONE, "target": migrations.migrations_hash()}
        )


def told(slug: str, *, minutes_ago: int = 0, **figures: int) -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    with in_registry():
        Pulse.objects.update_or_create(organisation=the(slug), defaults={"at": at, "figures": WELL | figures})


def slugs(page: Any) -> list[str]:
    return [row.organisation.slug for row in page.context["rows"]]


def watched(page: Any) -> dict[str, int]:
    return {tile["name"]: tile["number"] for tile in page.context["troubles"]}


def late_migration(mine: Organisation) -> None:
    SchemaMigration.objects.filter(organisation=mine).update(target="another")


def failing_task(mine: Organisation) -> None:
    JobRun.objects.create(organisation=mine, task="outbox.deliver", failed_at=clock.now(), failures=2, error="X")


def recent_fault(mine: Organisation) -> None:
    Fault.objects.create(organisation=mine, fingerprint="f", kind="ValueError", place="somewhere · kernel.x:1")


def failed_mail(mine: Organisation) -> None:
    told(mine.slug, mail_failed=3)


def broken_domain(mine: Organisation) -> None:
    Domain.objects.create(tenant=mine, domain="a.example.org", is_own=True, state=DomainState.BROKEN, is_primary=False)


def incomplete_account(mine: Organisation) -> None:
    ConnectedAccount.objects.create(
        organisation=mine,
        processor_id="acct_Needs",
        name="École",
        charges_enabled=True,
        payouts_enabled=True,
        requirements_due=["company.tax_id"],
    )


def open_break(mine: Organisation) -> None:
    told(mine.slug, breaks_open=1)


def unpaid(mine: Organisation) -> None:
    subscribed(mine, state=SubscriptionState.PAST_DUE)


def silence(mine: Organisation) -> None:
    Organisation.objects.filter(pk=mine.pk).update(created_at=clock.now() - timedelta(days=1))
    told(mine.slug, minutes_ago=25)


def subscribed(mine: Organisation, *, code: str = "essential", state: SubscriptionState) -> None:
    plan, _ = Plan.objects.get_or_create(code=code, defaults={"names": {"fr": f"Offre {code}"}})
    Subscription.objects.update_or_create(
        organisation=mine, defaults={"plan": plan, "state": state, "currency": "cad", "trial_until": clock.now()}
    )


TROUBLES = {
    "migration": late_migration,
    "taches": failing_task,
    "fautes": recent_fault,
    "courriels": failed_mail,
    "domaine": broken_domain,
    "comptes": incomplete_account,
    "ecarts": open_break,
    "impaye": unpaid,
    "silence": silence,
}


def test_where_all_is_well_nothing_is_to_be_watched(operator: HostClient) -> None:
    page = operator.get("/console")

    assert watched(page) == {}
    assert slugs(page) == ["a", "b"]


def test_who_has_just_come_is_not_silent_yet(operator: HostClient) -> None:
    with in_registry():
        Pulse.objects.all().delete()
        Organisation.objects.update(created_at=clock.now())
    assert watched(operator.get("/console")) == {}

    with in_registry():
        Organisation.objects.update(created_at=clock.now() - timedelta(minutes=21))
    assert watched(operator.get("/console")) == {"silence": 2}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_goes_wrong_is_counted_and_leads_to_who_has_it(operator: HostClient, trouble: str) -> None:
    with in_registry():
        TROUBLES[trouble](the("a"))

    page = operator.get("/console")

    assert watched(page) == {trouble: 1}
    assert slugs(operator.get(f"/console?souci={trouble}")) == ["a"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a.localhost", ["a"]),
        ("ORGANISATION", ["a", "b"]),
        ("b.localhost", ["b"]),
        ("acct_needs", ["a"]),
        ("nobody", []),
        ("%", []),
        ("\x00", ["a", "b"]),
    ],
)
def test_an_organisation_is_found_by_its_name_its_domain_or_its_account(
    operator: HostClient, words: str, found: list[str]
) -> None:
    with in_registry():
        incomplete_account(the("a"))

    assert slugs(operator.get("/console", {"q": words})) == found


def test_the_board_is_narrowed_by_state_and_by_offer(operator: HostClient) -> None:
    with in_registry():
        Organisation.objects.filter(slug="a").update(state=State.SUSPENDED, suspended_for=SuspendedFor.UNPAID)
        subscribed(the("b"), state=SubscriptionState.TRIAL)

    assert slugs(operator.get("/console?etat=suspended")) == ["a"]
    assert slugs(operator.get("/console?offre=essential")) == ["b"]
    assert slugs(operator.get("/console?offre=aucune")) == [*(["a"] if no_subscription("a") else [])]


def no_subscription(slug: str) -> bool:
    with in_registry():
        return not Subscription.objects.filter(organisation__slug=slug).exists()


@pytest.mark.parametrize(
    "wrong", ["etat=nowhere", "offre=nothing", "souci=drop", "page=x", "sort=password", "q=" + "x" * 200]
)
def test_a_wrong_address_narrows_nothing_and_breaks_nothing(operator: HostClient, wrong: str) -> None:
    page = operator.get(f"/console?{wrong}")

    assert (page.status_code, slugs(page)) == (200, ["a", "b"])


def test_the_board_is_sorted_by_what_was_used_this_month(operator: HostClient) -> None:
    today = clock.now().date()
    with in_registry():
        for slug, participants, volume in (("a", 5, 100), ("b", 2, 900)):
            Usage.objects.create(organisation=the(slug), day=today, participants=participants, volume_cents=volume)
        Usage.objects.create(organisation=the("b"), day=today - timedelta(days=40), participants=100)

    assert slugs(operator.get("/console?sort=-participants")) == ["a", "b"]
    assert slugs(operator.get("/console?sort=-volume")) == ["b", "a"]
    row = operator.get("/console?sort=-volume").context["rows"][0].organisation
    assert (row.month_participants, row.month_volume) == (2, 900)


def another(slug: str) -> None:
    with in_registry():
        made = Organisation.objects.create(schema_name=f"org_{slug:0>20}", slug=slug, name=slug, state=State.READY)
        Domain.objects.create(tenant=made, domain=f"{slug}.localhost", is_primary=True)
        recent_fault(made)
        incomplete = ConnectedAccount(organisation=made, processor_id=f"acct_{slug}", name="x")
        incomplete.save()
        subscribed(made, state=SubscriptionState.ACTIVE)


def test_who_waits_for_an_answer_is_told_first(operator: HostClient) -> None:
    mine = the("a")
    with in_registry():
        failing_task(mine)
        for state in (SignUpState.WAITING, SignUpState.REFUSED, SignUpState.UNCONFIRMED):
            SignUp.objects.create(name="Val", slug=f"val-{state}", preset="", language="fr", state=state)

    tiles = operator.get("/console").context["troubles"]

    assert [(tile["name"], tile["number"], tile["url"]) for tile in tiles] == [
        ("demandes", 1, "/console/demandes"),
        ("taches", 1, "/console?souci=taches"),
    ]


def test_the_board_asks_the_same_for_one_and_for_many(operator: HostClient, django_assert_num_queries: Any) -> None:
    operator.get("/console")
    with in_registry():
        Organisation.objects.filter(slug="b").update(kind="operations")
    with django_assert_num_queries(11):
        assert len(slugs(operator.get("/console"))) == 1

    for slug in ("c", "d"):
        another(slug)

    with django_assert_num_queries(11):
        assert len(slugs(operator.get("/console"))) == 3


def failed_message(slug: str, key: str) -> None:
    with in_organisation(the(slug)):
        Message.objects.create(
            unique_key=key,
            recipient="family@example.org",
            language="fr",
            subject="secret subject",
            text="secret text",
            status=MessageStatus.FAILED,
            attempts=12,
        )


def test_the_health_of_one_is_told_in_numbers(operator: HostClient) -> None:
    told("a", mail_failed=1, participants=42, storage_bytes=3_400_000, a_new_figure=7)
    with in_registry():
        failing_task(the("a"))
        recent_fault(the("a"))

    page = operator.get("/console/organisations/a/sante")

    words = page.content.decode()
    assert page.status_code == 200
    for part in ("42", "3\xa0Mo", "a_new_figure", "outbox.deliver", "ValueError", "Relancer"):
        assert part.replace("\xa0", "") in words.replace("\u202f", "").replace("\xa0", "").replace("3 Mo", "3Mo")


def test_failed_messages_leave_again_without_being_read(operator: HostClient) -> None:
    failed_message("a", "1")
    failed_message("a", "2")
    failed_message("b", "3")
    told("a", mail_failed=2)

    answer = operator.post("/console/organisations/a/sante/courriels", follow=True)

    words = answer.content.decode()
    assert "2 courriels repartent" in words
    assert "family@example.org" not in words
    assert "secret" not in words
    with in_organisation(the("a")):
        assert list(Message.objects.values_list("status", "attempts").distinct()) == [("queued", 0)]
        [own] = Entry.objects.filter(action="messages.sent_again")
        assert (own.actor_kind, own.details) == ("operator", {"messages": 2})
    with in_organisation(the("b")):
        assert Message.objects.get().status == MessageStatus.FAILED
    [entry] = Entry.objects.filter(action="organisations.mail_sent_again")
    assert (entry.actor_label, entry.details, entry.subject_id) == ("op@example.org", {"words": "2"}, the("a").pk)


def test_messages_of_who_is_not_there_stay_where_they_are(operator: HostClient) -> None:
    with in_registry():
        Organisation.objects.filter(slug="a").update(state=State.ERASING)

    operator.post("/console/organisations/a/sante/courriels")

    assert not Entry.objects.filter(action="organisations.mail_sent_again").exists()


def test_an_error_is_settled_and_opened_again_under_one_s_name(operator: HostClient) -> None:
    with in_registry():
        recent_fault(the("a"))
        fault = Fault.objects.get()
    assert "ValueError" in operator.get("/console/erreurs").content.decode()

    for _ in range(2):
        operator.post(f"/console/erreurs/{fault.pk}/reglee")
    assert operator.get("/console/erreurs").context["rows"] == []
    assert operator.get("/console/erreurs?toutes=1").context["rows"] == [fault]

    operator.post(f"/console/erreurs/{fault.pk}/rouvrir")
    assert operator.get("/console/erreurs").context["rows"] == [fault]
    assert [entry.action for entry in Entry.objects.order_by("at", "id")] == ["faults.settled", "faults.reopened"]


def test_errors_are_shown_of_one_organisation_or_of_all(operator: HostClient) -> None:
    with in_registry():
        recent_fault(the("a"))
        recent_fault(the("b"))
        Fault.objects.create(organisation=None, fingerprint="p", kind="KeyError", place="x")

    assert len(operator.get("/console/erreurs").context["rows"]) == 3
    assert [row.organisation.slug for row in operator.get("/console/erreurs?organisation=b").context["rows"]] == ["b"]
    assert operator.get("/console/erreurs?organisation=%00").status_code == 200


def test_the_page_of_tasks_says_what_waits_and_when_the_clock_last_spoke(operator: HostClient) -> None:
    page = operator.get("/console/taches")

    assert page.context["machine"].round_is_late
    assert "L’horloge des tâches régulières se tait" in page.content.decode()

    with in_registry():
        JobRun.objects.create(organisation=None, task="tenants.tasks.each_organisation", finished_at=clock.now())
    page = operator.get("/console/taches")
    assert not page.context["machine"].round_is_late
    assert "tenants.tasks.each_organisation" in page.content.decode()


def test_events_that_failed_too_often_are_begun_again(operator: HostClient) -> None:
    at = clock.now()
    with in_registry():
        for number, attempts, handled_at in ((1, 20, None), (2, 3, None), (3, 20, at)):
            ProcessorEvent.objects.create(
                processor_id=f"evt_{number}",
                kind="x",
                payload={},
                received_at=at,
                due_at=at + timedelta(hours=6),
                attempts=attempts,
                handled_at=handled_at,
            )

    operator.post("/console/taches/evenements")

    with in_registry():
        assert dict(ProcessorEvent.objects.values_list("processor_id", "attempts")) == {
            "evt_1": 0,
            "evt_2": 3,
            "evt_3": 20,
        }
    assert Entry.objects.get(action="platform.events_again").details == {"words": "1"}


def test_to_suspend_one_says_why_and_the_trail_keeps_it(operator: HostClient) -> None:
    assert operator.post("/console/organisations/a/suspendre", {"words": " "}).status_code == 422
    assert the("a").state == State.READY

    operator.post("/console/organisations/a/suspendre", {"words": "Un compte détourné."})

    assert the("a").state == State.SUSPENDED
    page = operator.get("/console/organisations/a").content.decode()
    assert "op@example.org · Un compte détourné." in page


def test_the_journal_tells_who_did_what_and_is_searched(operator: HostClient) -> None:
    operator.post("/console/organisations/a/suspendre", {"words": "Un compte détourné."})
    operator.post("/console/organisations/b/suspendre", {"words": "Autre chose."})
    operator.post("/console/organisations/a/reprendre")

    def found(**wanted: str) -> list[tuple[str, str]]:
        rows = operator.get("/console/journal", wanted).context["rows"]
        return [(row.entry.action, row.organisation.slug) for row in rows]

    assert len(found()) == 3
    assert found(q="détourné") == [("organisations.suspended", "a")]
    assert found(q="Organisation B") == [("organisations.suspended", "b")]
    assert found(geste="organisations.resumed") == [("organisations.resumed", "a")]
    assert found(du="2999-01-01") == []
    assert len(found(q="op@example.org")) == 3
    assert operator.get("/console/journal?du=demain&geste=x").status_code == 200


@pytest.mark.parametrize("address", ["/console/journal", "/console/erreurs", "/console/organisations/a/sante"])
def test_what_grows_asks_the_same_of_the_database(
    operator: HostClient, address: str, django_assert_max_num_queries: Any
) -> None:
    with in_registry():
        recent_fault(the("a"))
    operator.post("/console/organisations/a/suspendre", {"words": "x"})
    operator.post("/console/organisations/a/reprendre")
    operator.get(address)
    with django_assert_max_num_queries(30) as first:
        operator.get(address)
    number = len(first)
    with in_registry():
        for each in range(3):
            Fault.objects.create(organisation=the("b"), fingerprint=str(each), kind="X", place="x")
    operator.post("/console/organisations/b/suspendre", {"words": "x"})
    with django_assert_max_num_queries(number):
        operator.get(address)
