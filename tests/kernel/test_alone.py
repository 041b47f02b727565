"""Who is alone at something, and when the next one may be."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from kernel import database
from kernel.database import alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow_to_close(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a busy server is, which hears of it only later."""
    left: list[BaseDatabaseWrapper] = []

    @contextmanager
    def leaving(own: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
        left.append(own)
        yield own

    monkeypatch.setattr(database, "closing", leaving)
    yield
    for own in left:
        with closing(own):
            pass


def test_a_second_one_is_told_at_once() -> None:
    with alone("erase/a") as first, alone("erase/a") as second, alone("erase/b") as elsewhere:
        assert (first, second, elsewhere) == (True, False, True)


@pytest.mark.usefixtures("slow_to_close")
def test_whoever_stops_leaves_it_free_at_that_instant() -> None:
    with pytest.raises(KeyboardInterrupt), alone("erase/a"):
        raise KeyboardInterrupt

    with alone("erase/a") as is_alone:
        assert is_alone
