"""Redis is gone: pages and sign-in go on, and the limits hold."""

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from celery import current_app
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.urls import reverse
from pytest_django import Settings

from kernel.database import connection
from shared_apps.accounts.models import Remembered, User
from tenants.cache import ForgivingRedisCache
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.clients import HostClient

NOWHERE = "redis://127.0.0.1:1/0"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_redis(settings: Settings) -> Iterator[None]:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    broker = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = NOWHERE
    caches["default"].own.clear()
    yield
    current_app.conf.broker_write_url = broker


def test_a_page_is_served(client: HostClient) -> None:
    assert client.get(reverse("home")).status_code == 200


def test_it_is_told_and_the_platform_stays_in_service(client: HostClient) -> None:
    response = client.get("/readyz")

    told = response.json()
    assert (response.status_code, told["database"], told["redis"]) == (200, True, False)


def sign_in(client: HostClient, password: str) -> int:
    response = client.post(reverse("account_login"), {"login": "ada@example.org", "password": password})
    return int(response.status_code)


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user("ada@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_somebody_signs_in(client: HostClient, ada: User) -> None:
    assert sign_in(client, PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(ada.id)


def test_passwords_are_not_tried_without_end(client: HostClient, ada: User) -> None:
    for _ in range(20):
        sign_in(client, "a guess")

    sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session


def other_process() -> ForgivingRedisCache:
    """The cache as another process of the same installation has it: with a memory of its own."""
    params = {"KEY_FUNCTION": "tenants.cache.make_key"}
    other = ForgivingRedisCache(NOWHERE, params)
    other.own = LocMemCache("another process", {})
    return other


def test_a_limit_of_one_process_is_a_limit_of_all(client: HostClient, ada: User) -> None:
    for _ in range(5):
        sign_in(client, "a guess")

    kept = Remembered.objects.exclude(key__endswith=":lock").values_list("key", flat=True)
    assert {key.split(":rl:")[1].split(":")[1] for key in kept} == {"login", "login_failed"}
    caches["default"].own.clear()  # a process that has seen none of it
    sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session


def test_with_the_memory_of_each_process_alone_it_would_begin_anew(
    client: HostClient, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.remembered.is_at_hand", lambda: False)
    for _ in range(5):
        sign_in(client, "a guess")

    caches["default"].own.clear()
    sign_in(client, PASSWORD)

    assert client.session["_auth_user_id"] == str(ada.id)


def test_a_lock_is_held_by_one(organisation_a: Organisation) -> None:
    first, second = other_process(), other_process()

    assert first.add("allauth:lock", True, timeout=10)
    assert not second.add("allauth:lock", True, timeout=10)
    first.delete("allauth:lock")
    assert second.add("allauth:lock", True, timeout=10)


def test_what_is_out_of_date_is_not_there(organisation_a: Organisation) -> None:
    cache = other_process()
    cache.set("allauth:gone", [1.5], timeout=0)
    cache.set("allauth:here", [1.5], timeout=10)

    assert (cache.get("allauth:gone", []), cache.get("allauth:here", [])) == ([], [1.5])
    assert cache.add("allauth:gone", [2.5], timeout=10)
    assert other_process().get("allauth:gone") == [2.5]


def test_what_several_processes_count_is_added_up(organisation_a: Organisation) -> None:
    first, second = other_process(), other_process()
    first.add("robot/slow/x", 1, timeout=10)

    assert (second.incr("robot/slow/x"), first.incr("robot/slow/x")) == (2, 3)
    assert second.has_key("robot/slow/x")
    with pytest.raises(ValueError, match="not found"):
        first.incr("robot/slow/y")


def test_one_organisation_does_not_count_for_another(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    other_process().set("allauth:count", [1.5], timeout=10)

    with in_organisation(organisation_b):
        assert other_process().get("allauth:count") is None


def test_a_page_s_values_stay_in_the_memory_of_the_process(organisation_a: Organisation) -> None:
    other_process().set("greeting", "bonjour", timeout=10)

    assert not Remembered.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_pass_as_the_limit_says(settings: Settings) -> None:
    """Eight processes, of which each sees nothing of the others' memory."""
    with in_registry():
        organisation = Organisation.objects.get(slug="a")
    start, passed = threading.Barrier(8), []

    def knock() -> None:
        with in_organisation(organisation), contextlib.closing(connection):
            cache = other_process()
            start.wait()
            for _ in range(5):
                if counted(cache, limit=10):
                    passed.append(True)

    crowd = [threading.Thread(target=knock) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert len(passed) == 10


def counted(cache: ForgivingRedisCache, *, limit: int) -> bool:
    """What django-allauth does for each attempt: under a lock, read, compare, write."""
    while not cache.add("allauth:rl:lock", True, timeout=10):
        time.sleep(0.005)
    try:
        history = cache.get("allauth:rl", [])
        if len(history) >= limit:
            return False
        cache.set("allauth:rl", [*history, 1.0], timeout=60)
        return True
    finally:
        cache.delete("allauth:rl:lock")
