"""Two organisations, four threads each, reading what is theirs while transactions fail around them."""

import random
import threading

import pytest
from django.db import connection, transaction

from shared_apps.accounts.models import User
from tenants.context import in_organisation
from tenants.models import Organisation

ROUNDS = 40
THREADS = 4


class Undone(Exception):
    """Rolls a transaction back."""


@pytest.mark.django_db(transaction=True)
def test_threads_of_two_organisations_never_meet(organisation_a: Organisation, organisation_b: Organisation) -> None:
    organisations = (organisation_a, organisation_b)
    for organisation in organisations:
        with in_organisation(organisation):
            User.objects.create_user(f"canary@{organisation.slug}.example.org")
    seen: dict[str, list[str]] = {"a": [], "b": []}
    threads = [
        threading.Thread(target=_work, args=(organisations, first, seen), name=f"{first}-{number}")
        for number in range(THREADS)
        for first in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {slug: set(canaries) for slug, canaries in seen.items()} == {
        "a": {"canary@a.example.org"},
        "b": {"canary@b.example.org"},
    }
    assert len(seen["a"]) + len(seen["b"]) == 2 * THREADS * ROUNDS


def _work(organisations: tuple[Organisation, Organisation], first: int, seen: dict[str, list[str]]) -> None:
    """Each thread goes from one organisation to the other, and a third of its transactions come to nothing."""
    chance = random.Random(threading.current_thread().name)  # noqa: S311
    try:
        for turn in range(ROUNDS):
            organisation = organisations[(first + turn) % 2]
            with in_organisation(organisation):
                _maybe_undo(chance)
                seen[organisation.slug].append(User.objects.get().email)
    finally:
        connection.close()


def _maybe_undo(chance: random.Random) -> None:
    if chance.random() < 1 / 3:
        try:
            with transaction.atomic():
                User.objects.create_user("nobody@example.org")
                raise Undone
        except Undone:
            pass
