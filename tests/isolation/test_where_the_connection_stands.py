"""Schema and role follow the program through rollbacks, exceptions and threads."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from shared_apps.accounts.models import User
from tenants.context import NoOrganisation, current, in_organisation, in_registry
from tenants.models import Organisation
from tests.isolation.conftest import Ask

WHERE = "SELECT current_schema(), current_user"


def at(organisation: Organisation) -> list[tuple[str, str]]:
    return [(organisation.schema_name, organisation.schema_name)]


def test_a_rollback_to_a_savepoint_does_not_bring_the_former_organisation_back(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    ask(WHERE)
    with in_organisation(organisation_b):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert ask(WHERE) == at(organisation_b)
            raise ZeroDivisionError

        assert ask(WHERE) == at(organisation_b)
    assert ask(WHERE) == at(organisation_a)


def test_an_error_of_the_database_does_not_either(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    User.objects.create_user("ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        with in_organisation(organisation_b):
            ask(WHERE)
        User.objects.create_user("ada@example.org")

    assert ask(WHERE) == at(organisation_a)


@pytest.mark.django_db(transaction=True)
def test_a_whole_rollback_does_not_either(organisation_a: Organisation, organisation_b: Organisation, ask: Ask) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), in_organisation(organisation_b):
        ask(WHERE)
        raise ZeroDivisionError

    assert ask(WHERE) == at(organisation_a)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_takes_both_again(organisation_a: Organisation, ask: Ask) -> None:
    connection.close()

    assert ask(WHERE) == at(organisation_a)


@pytest.mark.django_db(transaction=True)
def test_a_raw_rollback_that_django_was_not_told_of_would_be_believed(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    """The twin: what the database forgets with its rollback is sent again only because Django's rollback says so."""
    ask(WHERE)
    connection.set_autocommit(False)
    connection.set_tenant(organisation_b)
    ask(WHERE)
    connection.connection.rollback()

    assert ask(WHERE) == at(organisation_a)

    connection.rollback()
    connection.set_autocommit(True)


def test_an_exception_leaves_the_organisation(organisation_a: Organisation, organisation_b: Organisation) -> None:
    with pytest.raises(ZeroDivisionError), in_organisation(organisation_b):
        raise ZeroDivisionError

    assert current() == organisation_a


def test_a_new_thread_starts_on_the_registry(organisation_a: Organisation) -> None:
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(connection.schema_name))
    thread.start()
    thread.join()

    assert (connection.schema_name, seen) == (organisation_a.schema_name, ["public"])


def test_on_the_registry_there_is_no_current_organisation(organisation_a: Organisation) -> None:
    with in_registry(), pytest.raises(NoOrganisation):
        current()

    assert current() == organisation_a


def test_entering_and_one_query_are_two_statements(
    organisation_a: Organisation, organisation_b: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2), in_organisation(organisation_b):
        User.objects.count()
