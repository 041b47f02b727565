"""Operations: one transaction, tried again when the database says that it may work the second time."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors

from kernel.transactions import after_commit, operation
from shared_apps.accounts.models import User
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation


def refused_by(error: type[Exception]) -> OperationalError:
    refusal = OperationalError("refused")
    refusal.__cause__ = error()
    return refusal


def failing(*refusals: Exception) -> Callable[[], str]:
    """An operation that writes a row and meets these refusals, one at each attempt."""
    waiting = list(refusals)

    @operation
    def run() -> str:
        User.objects.create_user("ada@example.org")
        if waiting:
            raise waiting.pop(0)
        return "done"

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("conflict", [errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable])
def test_an_operation_begins_again_after_a_conflict(conflict: type[Exception], organisation_a: Organisation) -> None:
    run = failing(refused_by(conflict), refused_by(conflict))

    assert (run(), User.objects.count()) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_it_gives_up_after_five_times(organisation_a: Organisation) -> None:
    run = failing(*(refused_by(errors.DeadlockDetected) for _ in range(5)))

    with pytest.raises(OperationalError):
        run()
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("defect", [refused_by(errors.AdminShutdown), ValueError("a defect")])
def test_it_does_not_repeat_what_would_fail_again(defect: Exception, organisation_a: Organisation) -> None:
    run = failing(defect)

    with pytest.raises(type(defect)):
        run()
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_operation_within_another_leaves_the_repetition_to_it(organisation_a: Organisation) -> None:
    inner = failing(refused_by(errors.DeadlockDetected))
    times: list[str] = []

    @operation
    def outer() -> str:
        times.append("outer")
        return inner()

    assert (outer(), times) == ("done", ["outer", "outer"])


@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_is_survived(organisation_a: Organisation) -> None:
    names = ("ada", "bo")
    for name in names:
        User.objects.create_user(f"{name}@example.org")
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    @operation
    def write(first: str, second: str) -> None:
        User.objects.filter(email=f"{first}@example.org").update(first_name=first)
        attempts.append(first)
        if len(attempts) <= 2:
            both_hold_one.wait(5)
        User.objects.filter(email=f"{second}@example.org").update(last_name=first)

    def work(first: str, second: str) -> None:
        try:
            with in_organisation(organisation_a):
                write(first, second)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(attempts), set(attempts)) == (3, set(names))
    assert list(User.objects.order_by("email").values_list("first_name", "last_name")) == [("ada", "bo"), ("bo", "ada")]


@pytest.mark.django_db(transaction=True)
def test_what_follows_the_commit_happens_where_it_was_asked_for(organisation_a: Organisation) -> None:
    seen: list[str] = []

    with in_registry(), transaction.atomic():
        with in_organisation(organisation_a):
            after_commit(lambda: seen.append(connection.schema_name))
        assert seen == []

    assert seen == [organisation_a.schema_name]


@pytest.mark.django_db(transaction=True)
def test_nothing_follows_a_rollback(organisation_a: Organisation) -> None:
    seen: list[str] = []

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        after_commit(lambda: seen.append("called"))
        raise ZeroDivisionError

    assert seen == []
