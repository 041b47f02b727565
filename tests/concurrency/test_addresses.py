"""Activities that are begun under one title at the same instant all have an address."""

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.errors import CategoryTaken
from tenant_apps.catalog.models import Category, Nature, Offering, Selection
from tenant_apps.catalog.operations import categories, offerings
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee, an_organisation_profile

CLERKS = 4


def test_each_has_an_address_of_its_own(transactional_db: None, organisation_a: Organisation) -> None:
    an_organisation_profile()
    said = {"title": "Camp", "nature": Nature.CAMP, "selection": Selection.PER_WEEK, "payee": a_payee()}

    def begin(_clerk: int) -> None:
        offerings.add_offering(columns=said, actor=SYSTEM, at=NOON)

    assert rush(organisation_a, range(CLERKS), begin) == []
    assert set(Offering.objects.values_list("slug", flat=True)) == {"camp", "camp-2", "camp-3", "camp-4"}


def test_a_category_is_added_once(transactional_db: None, organisation_a: Organisation) -> None:
    def add(_clerk: int) -> None:
        categories.add_category(name="Camps", translations={}, actor=SYSTEM, at=NOON)

    assert [type(each) for each in rush(organisation_a, range(CLERKS), add)] == [CategoryTaken] * (CLERKS - 1)
    assert Category.objects.count() == 1
