"""An organisation's own name: claimed by whoever asks, held by whoever the DNS names."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from pytest_django import Settings

from billing import limits
from kernel.leases import LEASE
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event
from tenants import hosts, links
from tenants.context import in_organisation, in_registry
from tenants.domains import checking, names, operations, schedule, states
from tenants.domains.verdicts import Failure
from tenants.models import Domain, DomainState, Organisation
from tests.isolation.conftest import Ask
from tests.isolation.conftest import ask as ask  # the fixture
from tests.names import Zone

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAME = "activites.ville.example"
DAY = timedelta(days=1)


def no_limit(used: int) -> None:
    pass


def claimed(name: str = NAME, *, at: datetime = NOON) -> Domain:
    return operations.add(name=name, limit=no_limit, actor=SYSTEM, at=at)


def looked_at(domain: Domain, *, at: datetime) -> Domain:
    """As the minute's round does."""
    with in_registry():
        Domain.objects.filter(pk=domain.pk).update(check_at=at)
        checking.check_those_due(at=at)
    return fresh(domain)


def fresh(domain: Domain) -> Domain:
    with in_registry():
        return Domain.objects.get(pk=domain.pk)


def verified(zone: Zone, organisation: Organisation, *, at: datetime = NOON) -> Domain:
    domain = claimed(at=at)
    zone.lead(NAME, organisation.slug, domain.proof)
    return looked_at(domain, at=at)


def told_of(organisation: Organisation) -> list[str]:
    with in_organisation(organisation):
        return list(
            Event.objects.filter(kind__startswith="domains.").order_by("created_at").values_list("kind", flat=True)
        )


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Activites.Ville.CA", "activites.ville.ca"),
        (" activités.ville.ca. ", "xn--activits-h1a.ville.ca"),
        ("https://activites.ville.ca/", "activites.ville.ca"),
        ("ville.ca", "ville.ca"),
        ("activites.csspo.gouv.qc.ca", "activites.csspo.gouv.qc.ca"),
    ],
)
def test_a_name_is_written_one_way(said: str, name: str) -> None:
    assert names.normal(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ville",
        "ville.ca:8000",
        "ville.ca/activites",
        "ftp://ville.ca",
        "192.0.2.1",
        "[2001:db8::1]",
        "2001:db8::1",
        "*.ville.ca",
        "-a.ville.ca",
        "a-.ville.ca",
        "a..ville.ca",
        "a_b.ville.ca",
        "a b.ville.ca",
        "a\x00.ville.ca",
        "ville.ca@attaquant.example",
        "a" * 64 + ".ca",
        ".".join(["abcdefgh"] * 30),
        "ville.ca\nHost: b",
    ],
)
def test_what_is_no_name_is_refused(said: str) -> None:
    with pytest.raises(names.NotAName):
        names.normal(said)


@pytest.mark.parametrize("said", ["preau.example", "a.preau.example", "nouvelle.PREAU.example", "a.b.preau.example."])
def test_the_platforms_own_names_are_refused(said: str, settings: Settings) -> None:
    settings.PLATFORM_DOMAIN, settings.OWN_DOMAINS_BELOW_PLATFORM = "preau.example", False

    with pytest.raises(names.PlatformName):
        names.normal(said)


def test_a_name_that_only_ends_alike_is_not_the_platforms(settings: Settings) -> None:
    settings.PLATFORM_DOMAIN, settings.OWN_DOMAINS_BELOW_PLATFORM = "preau.example", False

    assert names.normal("lepreau.example") == "lepreau.example"


# A claim --------------------------------------------------------------------------------------------------------------


def test_a_claim_waits_a_minute_and_answers_nobody(organisation_a: Organisation) -> None:
    domain = claimed()

    assert (domain.state, domain.is_primary, domain.check_at) == (
        DomainState.PENDING,
        False,
        NOON + timedelta(minutes=1),
    )
    assert len(domain.proof) == 32
    with in_registry():
        assert hosts._named(NAME) == []
    assert list(Entry.objects.values_list("action", "details")) == [("domains.added", {"name": NAME})]


def test_the_same_name_is_claimed_once_by_an_organisation(organisation_a: Organisation) -> None:
    claimed()

    with pytest.raises(operations.AlreadyYours):
        claimed(f"https://{NAME.upper()}/")


def test_the_plan_limits_how_many_there_are(organisation_a: Organisation) -> None:
    def one(used: int) -> None:
        if used >= 1:
            raise limits.LimitReached(what="own_domains", limit="1", plan="Essentiel")

    operations.add(name="a.ville.example", limit=one, actor=SYSTEM, at=NOON)

    with pytest.raises(limits.LimitReached):
        operations.add(name="b.ville.example", limit=one, actor=SYSTEM, at=NOON)
    with in_registry():
        assert Domain.objects.filter(is_own=True).count() == 1


def test_nobody_has_the_dns_asked_for_a_hundred_names(organisation_a: Organisation) -> None:
    for number in range(operations.MOST):
        claimed(f"a{number}.ville.example")

    with pytest.raises(operations.TooMany):
        claimed("one-more.ville.example")


# What the DNS says ----------------------------------------------------------------------------------------------------


def test_a_name_that_leads_here_with_its_proof_is_verified(zone: Zone, organisation_a: Organisation) -> None:
    domain = verified(zone, organisation_a)

    assert (domain.state, domain.failure, domain.verified_at) == (DomainState.VERIFIED, "", NOON)
    assert domain.check_at == NOON + DAY
    assert told_of(organisation_a) == ["domains.verified"]
    with in_registry():
        [found] = hosts._named(NAME)
        assert found.tenant == organisation_a


@pytest.mark.parametrize(
    ("records", "failure", "found"),
    [
        ({}, Failure.NOTHING, ""),
        ({NAME: {"TXT": ["v=spf1 -all"]}}, Failure.NOTHING, ""),
        ({NAME: {"CNAME": ["b.localhost."]}}, Failure.OTHER_TARGET, "b.localhost"),
        ({NAME: {"CNAME": ["www.example."]}, "www.example": {"A": ["192.0.2.7"]}}, Failure.OTHER_TARGET, "www.example"),
        ({NAME: {"A": ["192.0.2.7", "127.0.0.1"]}}, Failure.OTHER_TARGET, "127.0.0.1, 192.0.2.7"),
        ({NAME: {"AAAA": ["2001:db8::7"]}}, Failure.OTHER_TARGET, "2001:db8::7"),
        ({NAME: {"CNAME": ["a.localhost."]}}, Failure.NO_PROOF, ""),
        ({NAME: {"A": ["127.0.0.1"]}}, Failure.NO_PROOF, ""),
        (
            {NAME: {"CNAME": ["a.localhost."]}, f"_preau.{NAME}": {"TXT": ["preau-verification=other"]}},
            Failure.OTHER_PROOF,
            "preau-verification=other",
        ),
        (
            {NAME: {"CNAME": ["a.localhost."]}, f"_preau.{NAME}": {"TXT": ["preau-verification=\0\u202eé"]}},
            Failure.OTHER_PROOF,
            "preau-verification=\ufffd\ufffdé",
        ),
        ({NAME: "SERVFAIL"}, Failure.SILENT, ""),
        ({NAME: {"CNAME": ["a.localhost."]}, f"_preau.{NAME}": "SERVFAIL"}, Failure.SILENT, ""),
    ],
)
def test_what_the_dns_says_instead_is_told(
    records: dict[str, object], failure: Failure, found: str, zone: Zone, organisation_a: Organisation
) -> None:
    domain = claimed()
    zone.put(records)

    seen = looked_at(domain, at=NOON + timedelta(minutes=1))

    assert (seen.state, seen.failure, seen.found) == (DomainState.PENDING, failure, found)
    assert told_of(organisation_a) == []


def test_servers_that_never_answer_are_given_up_after_three_seconds(zone: Zone, organisation_a: Organisation) -> None:
    domain = claimed()
    zone.put({NAME: "SILENT"})
    began = datetime.now(UTC)

    assert looked_at(domain, at=NOON).failure == Failure.SILENT
    assert datetime.now(UTC) - began < timedelta(seconds=5)


@pytest.mark.parametrize("kind", ["A", "ALIAS"])
def test_the_top_of_a_domain_leads_here_by_addresses(
    kind: str, zone: Zone, organisation_a: Organisation, settings: Settings
) -> None:
    """Or as some DNS services do: they write the addresses of the name that they were given."""
    domain = claimed("ville.example")
    zone.put({"ville.example": {"A": ["127.0.0.9"]}, "a.localhost": {"A": ["127.0.0.9"]}})
    settings.PLATFORM_ADDRESSES = ["127.0.0.9"] if kind == "A" else []
    zone.prove("ville.example", domain.proof)

    assert looked_at(domain, at=NOON).state == DomainState.VERIFIED


def test_the_proof_is_found_among_others_and_in_pieces(zone: Zone, organisation_a: Organisation) -> None:
    domain = claimed()
    zone.lead(NAME, "a", domain.proof)
    zone.prove(NAME, "x" * 40, domain.proof, *("y" * 200 for _ in range(8)))

    assert looked_at(domain, at=NOON).state == DomainState.VERIFIED


# Time -----------------------------------------------------------------------------------------------------------------


def test_a_claim_is_looked_at_ever_less_and_for_thirty_days() -> None:
    waits, previous = [], NOON
    at: datetime | None = schedule.first_check(at=NOON)
    while at is not None:
        waits.append(at - previous)
        previous, at = at, schedule.next_check(DomainState.PENDING, since=NOON, at=at)

    hourly = 14 * 24
    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 1, 3, 5, 20)]
    assert waits[5 : 5 + hourly] == [timedelta(hours=1)] * hourly
    assert waits[5 + hourly :] == [DAY] * 16
    assert previous - NOON < timedelta(days=31)


def test_each_look_puts_off_the_next(zone: Zone, organisation_a: Organisation) -> None:
    domain = claimed()

    for minutes, following in ((1, 2), (2, 5), (5, 10), (10, 30), (30, 90)):
        seen = looked_at(domain, at=NOON + timedelta(minutes=minutes))
        assert seen.check_at == NOON + timedelta(minutes=following)


def test_only_what_is_due_is_looked_at(zone: Zone, organisation_a: Organisation) -> None:
    domain = claimed()
    zone.lead(NAME, "a", domain.proof)

    with in_registry():
        checking.check_those_due(at=NOON + timedelta(seconds=59))
    assert fresh(domain).state == DomainState.PENDING

    with in_registry():
        checking.check_those_due(at=NOON + timedelta(seconds=60))
    assert fresh(domain).state == DomainState.VERIFIED


def test_one_that_cannot_be_looked_at_keeps_no_other_from_its_turn(
    zone: Zone, organisation_a: Organisation, ask: Ask
) -> None:
    first, second = claimed("autre.ville.example"), claimed()
    zone.lead(NAME, "a", second.proof)
    with in_registry():
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        ask(f"ALTER TABLE tenants_domain ADD CHECK (failure = '' OR domain <> '{first.domain}')")
        Domain.objects.filter(pk=first.pk).update(check_at=NOON)

        checking.check_those_due(at=NOON + timedelta(seconds=60))

    assert fresh(second).state == DomainState.VERIFIED
    assert fresh(first).check_at == NOON + timedelta(seconds=60) + LEASE


def test_two_workers_do_not_look_at_the_same_name(organisation_a: Organisation) -> None:
    claimed()
    at = NOON + timedelta(minutes=1)

    with in_registry():
        first = checking._claimed(at=at)
        assert next(first).domain == NAME
        assert list(checking._claimed(at=at)) == []


def test_a_name_in_service_is_broken_after_two_days_and_links_go_back(zone: Zone, organisation_a: Organisation) -> None:
    domain = verified(zone, organisation_a)
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)
    assert links.absolute("/") == f"http://{NAME}:8000/"
    zone.put({NAME: None})

    assert looked_at(domain, at=NOON + DAY).state == DomainState.VERIFIED
    assert links.absolute("/") == f"http://{NAME}:8000/"
    broken = looked_at(domain, at=NOON + 2 * DAY)

    assert (broken.state, broken.failure, broken.is_primary) == (DomainState.BROKEN, Failure.NOTHING, False)
    assert links.absolute("/") == "http://a.localhost:8000/"
    assert told_of(organisation_a) == ["domains.verified", "domains.broken"]


def test_somebody_who_looks_twice_in_a_day_does_not_break_it(zone: Zone, organisation_a: Organisation) -> None:
    domain = verified(zone, organisation_a)
    zone.put({NAME: None})

    for hours in (1, 2, 24):
        assert looked_at(domain, at=NOON + timedelta(hours=hours)).state == DomainState.VERIFIED
    assert fresh(domain).check_at == NOON + timedelta(hours=25)


def test_one_bad_day_between_good_ones_is_forgotten(zone: Zone, organisation_a: Organisation) -> None:
    domain = verified(zone, organisation_a)
    for days, leads in ((1, False), (2, True), (3, False)):
        zone.put({NAME: {"CNAME": ["a.localhost."]} if leads else None})
        assert looked_at(domain, at=NOON + days * DAY).state == DomainState.VERIFIED


def test_silence_never_breaks_a_name(zone: Zone, organisation_a: Organisation) -> None:
    domain = verified(zone, organisation_a)
    zone.put({NAME: "SERVFAIL"})

    for days in range(1, 9):
        seen = looked_at(domain, at=NOON + days * DAY)

    assert (seen.state, seen.failing_at, seen.check_at) == (
        DomainState.VERIFIED,
        None,
        NOON + 8 * DAY + timedelta(hours=1),
    )


def test_a_broken_name_that_leads_here_again_is_verified_and_not_primary(
    zone: Zone, organisation_a: Organisation
) -> None:
    domain = verified(zone, organisation_a)
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)
    zone.put({NAME: None})
    for days in (1, 2):
        looked_at(domain, at=NOON + days * DAY)
    zone.lead(NAME, "a", domain.proof)

    again = looked_at(domain, at=NOON + 3 * DAY)

    assert (again.state, again.is_primary, again.failing_at) == (DomainState.VERIFIED, False, None)


# Whose it is ----------------------------------------------------------------------------------------------------------


def test_who_claims_a_name_first_does_not_keep_its_owner_from_it(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    squatted = claimed()
    with in_organisation(organisation_b):
        rightful = claimed()
    zone.lead(NAME, "b", rightful.proof)

    assert looked_at(squatted, at=NOON).failure == Failure.OTHER_TARGET
    assert looked_at(rightful, at=NOON).state == DomainState.VERIFIED
    with in_registry():
        [found] = hosts._named(NAME)
        assert found.tenant == organisation_b


def test_a_claim_takes_nothing_from_who_is_proved(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    held = verified(zone, organisation_a)
    with in_organisation(organisation_b):
        late = claimed()

    assert looked_at(late, at=NOON).state == DomainState.PENDING
    zone.put({NAME: {"A": ["127.0.0.1"]}})
    zone.prove(NAME, held.proof, late.proof)

    assert looked_at(late, at=NOON + DAY).failure == Failure.TAKEN
    assert fresh(held).state == DomainState.VERIFIED
    assert told_of(organisation_a) == ["domains.verified"]


def test_a_name_goes_to_whom_its_dns_names_now(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    held = verified(zone, organisation_a)
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)
    with in_organisation(organisation_b):
        late = claimed()
    zone.lead(NAME, "b", late.proof)

    assert looked_at(late, at=NOON + DAY).state == DomainState.VERIFIED

    lost = fresh(held)
    assert (lost.state, lost.is_primary, lost.failure) == (DomainState.PENDING, False, Failure.TAKEN)
    assert links.absolute("/") == "http://a.localhost:8000/"
    assert told_of(organisation_a) == ["domains.verified", "domains.lost"]
    assert told_of(organisation_b) == ["domains.verified"]


def test_an_address_of_the_platform_is_never_taken(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    """Where names below the platform's may be claimed at all, which is a developer's machine."""
    claim = claimed("b.localhost")
    zone.lead("b.localhost", "a", claim.proof)

    assert looked_at(claim, at=NOON).failure == Failure.TAKEN
    with in_registry():
        assert Domain.objects.get(domain="b.localhost", state=DomainState.VERIFIED).tenant == organisation_b


def test_a_name_that_was_removed_is_free_and_its_old_proof_opens_nothing(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    held = verified(zone, organisation_a)
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)

    operations.remove(name=NAME, actor=SYSTEM, at=NOON)

    assert links.absolute("/") == "http://a.localhost:8000/"
    with in_organisation(organisation_b):
        late = claimed()
    assert looked_at(late, at=NOON).failure == Failure.OTHER_TARGET
    zone.lead(NAME, "b", held.proof)
    assert looked_at(late, at=NOON).failure == Failure.OTHER_PROOF
    with in_registry():
        assert hosts._named(NAME) == []


def test_two_holders_of_a_name_are_refused_by_the_database(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    with in_registry(), pytest.raises(IntegrityError, match="one_holder_of_a_domain"), transaction.atomic():
        for organisation in (organisation_a, organisation_b):
            Domain.objects.create(tenant=organisation, domain=NAME, is_own=True, is_primary=False)


# What an organisation does --------------------------------------------------------------------------------------------


def test_only_a_verified_name_is_made_primary(zone: Zone, organisation_a: Organisation) -> None:
    claimed()

    for name in (NAME, "b.localhost", "nobody.example"):
        with pytest.raises(operations.NotVerified):
            operations.make_primary(name=name, actor=SYSTEM, at=NOON)


def test_the_platforms_address_is_primary_again_when_asked_and_never_removed(
    zone: Zone, organisation_a: Organisation
) -> None:
    verified(zone, organisation_a)
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)

    operations.make_primary(name="a.localhost", actor=SYSTEM, at=NOON)
    operations.remove(name="a.localhost", actor=SYSTEM, at=NOON)
    operations.remove(name="b.localhost", actor=SYSTEM, at=NOON)

    assert links.absolute("/") == "http://a.localhost:8000/"
    with in_registry():
        assert set(Domain.objects.values_list("domain", flat=True)) == {"localhost", "a.localhost", "b.localhost", NAME}


def test_a_name_is_looked_at_on_demand_and_not_every_second(zone: Zone, organisation_a: Organisation) -> None:
    domain = claimed()
    operations.check_now(name=NAME, at=NOON)
    looked_at(domain, at=NOON)

    with pytest.raises(operations.CheckedJustNow):
        operations.check_now(name=NAME, at=NOON + timedelta(seconds=19))
    operations.check_now(name=NAME, at=NOON + timedelta(seconds=20))


def test_another_organisations_name_is_none_of_its_business(
    zone: Zone, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    domain = verified(zone, organisation_a)

    with in_organisation(organisation_b):
        operations.remove(name=NAME, actor=SYSTEM, at=NOON)
        for refused, ask in ((operations.NotVerified, _primary), (operations.CheckedJustNow, _check)):
            with pytest.raises(refused):
                ask()
        assert not Domain.objects.filter(domain=NAME).exists()
    assert fresh(domain).state == DomainState.VERIFIED


@pytest.mark.parametrize("statement", ["UPDATE", "INSERT", "DELETE"])
def test_an_organisations_role_writes_no_name(statement: str, organisation_a: Organisation) -> None:
    writes: dict[str, Callable[[], object]] = {
        "UPDATE": lambda: Domain.objects.update(state=DomainState.VERIFIED),
        "INSERT": lambda: Domain.objects.create(tenant=organisation_a, domain=NAME, is_primary=False),
        "DELETE": lambda: Domain.objects.all().delete(),
    }

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        writes[statement]()


def test_only_the_moves_of_the_table_are_made(organisation_a: Organisation) -> None:
    domain = claimed()
    with in_registry():
        one = Domain.objects.filter(pk=domain.pk)
        assert [states.move(one, DomainState.BROKEN), states.move(one, DomainState.PENDING)] == [0, 0]
        assert states.move(Domain.objects.filter(domain="a.localhost"), DomainState.BROKEN) == 0
        assert states.move(one, DomainState.VERIFIED) == 1


def _primary() -> None:
    operations.make_primary(name=NAME, actor=SYSTEM, at=NOON)


def _check() -> None:
    operations.check_now(name=NAME, at=NOON + timedelta(days=1))
