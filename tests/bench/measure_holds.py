"""Hold and confirm against raw SQL, ten connections at once, on one option that everybody wants and spread over many.

Two yardsticks: the very statements that the operations send, sent again by the driver alone; and the fewest statements
that keep a place and confirm it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg

from kernel import ids
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardianship
from tenant_apps.registrations import operations
from tenants.models import Organisation
from tests.bench.replay import Script
from tests.bench.stampede import Family, address, connected, families
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_claim

CONNECTIONS, EACH, WARM_UP = 10, 12, 3
Act = Callable[[Family, Option], object]


def measure_hold_and_confirm(transactional_db, organisation_a):
    an_organisation_profile()
    offering = an_offering()
    hot = [an_option(places=10_000, offering=offering)] * CONNECTIONS
    spread = [an_option(places=10_000, offering=offering) for _ in range(CONNECTIONS)]
    for name, options in (("one hot option", hot), ("spread over ten", spread)):
        hold_and_confirm(*families(1), options[0])
        family = families(1)[0]
        script, whose = recorded(family, options[0])
        ways = {
            "hold and confirm": lambda: ours(organisation_a),
            "the same statements": lambda script=script, whose=whose: replaying(script, whose, organisation_a),
            "the fewest": lambda: fewest(organisation_a),
        }
        figures = {way: rate(begin, options) for way, begin in ways.items()}
        tell(name, script, figures)


def hold_and_confirm(family: Family, option: Option) -> None:
    basket, child = family
    [held] = operations.hold(basket_id=basket.id, claims=[a_claim(child, option)], actor=SYSTEM, at=NOON)
    operations.confirm(registration_id=held.id, at=NOON)


def recorded(family: Family, option: Option) -> tuple[Script, list[UUID]]:
    """The statements of one hold and one confirmation, and the ids in them that are this family's."""
    script = Script()
    basket, child = family
    with script.recording():
        [held] = operations.hold(basket_id=basket.id, claims=[a_claim(child, option)], actor=SYSTEM, at=NOON)
    with script.recording():
        operations.confirm(registration_id=held.id, at=NOON)
    whose = ids_of(family, option)
    script.made -= set(whose)
    return script, whose


def ids_of(family: Family, option: Option) -> list[UUID]:
    basket, child = family
    link = Guardianship.objects.get(guardian=basket.guardian_id, participant=child)
    return [basket.id, basket.guardian_id, child.id, link.id, option.id]


@contextmanager
def ours(organisation: Organisation) -> Iterator[Act]:
    with connected(organisation):
        yield hold_and_confirm


@contextmanager
def replaying(script: Script, whose: Sequence[UUID], organisation: Organisation) -> Iterator[Act]:
    # The cursor that Django uses: the driver puts the values in the statement.
    with connected(organisation), raw(organisation, cursor_factory=psycopg.ClientCursor) as line:
        yield lambda family, option: script.play(line, dict(zip(whose, known_ids(family, option), strict=True)))


@contextmanager
def fewest(organisation: Organisation) -> Iterator[Act]:
    with raw(organisation) as line:
        yield lambda family, option: _least(line, family, option)


def raw(organisation: Organisation, **more: Any) -> "psycopg.Connection[Any]":
    line = psycopg.connect(**address(), autocommit=True, **more)
    line.execute(f'SET search_path TO "{organisation.schema_name}"')
    line.execute(f'SET ROLE "{organisation.database_role}"')
    return line


_LINKS: dict[UUID, UUID] = {}


def known_ids(family: Family, option: Option) -> list[UUID]:
    basket, child = family
    return [basket.id, basket.guardian_id, child.id, _LINKS[child.id], option.id]


def rate(begin: Callable[[], AbstractContextManager[Act]], options: Sequence[Option]) -> tuple[float, float]:
    """How many in a second by all connections together, and the processor seconds of this process for each."""
    everyone = [families(EACH + WARM_UP) for _ in options]
    _LINKS.update(Guardianship.objects.values_list("participant_id", "id"))
    ready, times = Barrier(len(options)), []

    def line(mine: Sequence[Family], option: Option) -> None:
        with begin() as act:
            for family in mine[:WARM_UP]:
                act(family, option)
            ready.wait()
            began = time.perf_counter(), time.process_time()
            for family in mine[WARM_UP:]:
                act(family, option)
            ready.wait()
            times.append((time.perf_counter() - began[0], time.process_time() - began[1]))

    with ThreadPoolExecutor(len(options)) as pool:
        for each in [pool.submit(line, mine, option) for mine, option in zip(everyone, options, strict=True)]:
            each.result()
    wall, processor = max(times)
    done = EACH * len(options)
    return done / wall, processor / done


def tell(name: str, script: Script, figures: dict[str, tuple[float, float]]) -> None:
    held, confirmed = map(len, script.transactions)
    print(f"\nHold and confirm, {name}: {held} and {confirmed} statements, {CONNECTIONS} connections")
    mine, own = figures["hold and confirm"]
    for way, (each, processor) in figures.items():
        print(f"  {way:<20} {each:8.1f}/s   {processor * 1000:7.2f} ms of this processor   ", end="")
        print(f"{mine / each:6.1%} of its rate, {processor / own:6.1%} of its work" if each != mine else "")


def _least(line: "psycopg.Connection[Any]", family: Family, option: Option) -> None:
    (basket, child), registration = family, ids.uuid7()
    with line.transaction():
        line.execute(
            "INSERT INTO registrations_registration (id, basket_id, participant_id, option_id, quantity, unit_cents,"
            " amount_cents, quote, status, is_single, held_until, renewals, contact_email, created_at)"
            " VALUES (%s, %s, %s, %s, 1, 550, 550, '{}', 'held', true, %s, 0, 'parent@example.org', %s)",
            [registration, basket.id, child.id, option.id, NOON, NOON],
        )
        line.execute(
            "UPDATE registrations_places SET taken = taken + 1"
            " WHERE option_id = %s AND (capacity IS NULL OR capacity >= taken + set_aside + 1)",
            [option.id],
        )
    with line.transaction():
        line.execute(
            "UPDATE registrations_registration SET status = 'confirmed', confirmed_at = %s"
            " WHERE id = %s AND status = 'held'",
            [NOON, registration],
        )
