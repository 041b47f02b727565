"""Reads whose statement is written once give what the query itself would give, whoever asks and wherever."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db.models import QuerySet

from kernel.kept import kept, lay, sole_of
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Guardian
from tenants.context import in_organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.django_db


@kept
def _options(ids: list[UUID]) -> QuerySet[Option]:
    return Option.objects.filter(pk__among=ids).select_related("offering").order_by("name")


@kept
def _titles(slug: str, before: datetime) -> QuerySet[Offering, str]:
    return Offering.objects.filter(slug=slug, publishes_at__lt=before).values_list("title", flat=True)


@kept
def _guardians(user_id: UUID) -> QuerySet[Guardian]:
    return Guardian.objects.filter(user_id=user_id)


@pytest.fixture(autouse=True)
def _organisation(organisation_a):
    an_organisation_profile()


def test_it_gives_the_rows_of_its_arguments_each_time():
    one, two, three = (an_option(name) for name in ("Un", "Deux", "Trois"))

    assert _options([one.id, two.id]) == [two, one]
    assert _options([three.id]) == [three]
    assert _options([]) == []


def test_what_is_read_along_asks_nothing_more(django_assert_num_queries):
    option = an_option()

    with django_assert_num_queries(1):
        [found] = _options(ids=[option.id])
        assert found.offering.title == option.offering.title


def test_several_arguments_stand_where_they_were_said():
    offering = an_offering("Sortie", publishes_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert _titles(offering.slug, datetime(2999, 1, 1, tzinfo=UTC)) == ["Sortie"]
    assert _titles(before=datetime(1999, 1, 1, tzinfo=UTC), slug=offering.slug) == []


def test_each_organisation_is_given_its_own(organisation_b):
    option = an_option()
    assert _options([option.id]) == [option]

    with in_organisation(organisation_b):
        assert _options([option.id]) == []


def test_the_owner_keeps_its_only_row_and_that_there_is_none(django_assert_num_queries):
    guardian = a_guardian()
    user = type(guardian.user).objects.get(pk=guardian.user_id)
    other = type(user).objects.create_user("autre@example.org")

    with django_assert_num_queries(2):
        assert [sole_of(user, "guardian", _guardians) for _ in range(2)] == [guardian, guardian]
        assert [sole_of(other, "guardian", _guardians) for _ in range(2)] == [None, None]
        assert user.guardian == guardian


def test_what_is_laid_beside_an_owner_is_not_read_again(django_assert_num_queries):
    option = an_option()
    offering = Offering.objects.get(pk=option.offering_id)

    with django_assert_num_queries(0):
        lay(offering, "options", [option])
        assert list(offering.options.all()) == [option]


def test_a_function_that_leaves_an_argument_out_is_refused():
    @kept
    def everybody(user_id: UUID) -> QuerySet[Guardian]:
        return Guardian.objects.all()

    with pytest.raises(TypeError, match="each of its arguments"):
        everybody(uuid4())


def test_a_query_that_reads_lists_along_is_refused():
    @kept
    def with_options(offering_id: UUID) -> QuerySet[Offering]:
        return Offering.objects.filter(pk=offering_id).prefetch_related("options")

    with pytest.raises(TypeError, match="written anew"):
        with_options(uuid4())
