"""The order for the supplier, the head count, the buses and the adults (S3-37)."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office.catalogue.supplier_counts import transport
from tenant_apps.organisation.models import Establishment, Role
from tenant_apps.registrations.models import Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.organisation import an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db


def taken(option: Option, place: Establishment | None = None, quantity: int = 1, status: str = "confirmed") -> None:
    child = a_child(establishment=place)
    basket = a_basket(child.guardianships.get().guardian)
    held = a_hold(option, quantity=quantity, child=child, basket=basket, at=clock.now())
    Registration.objects.filter(pk=held.pk).update(status=status)


class Pizza:
    def __init__(self) -> None:
        self.dome, self.lake = an_establishment("École du Dôme"), an_establishment("École du Lac")
        self.sale = an_offering("Pizza", nature="meals", selection="quantities")
        more: dict[str, Any] = {"offering": self.sale, "maximum_quantity": 9}
        self.cheese = an_option("Fromage", code="F", starts_on=date(2099, 1, 5), **more)
        self.veg = an_option("Végé", code="V", starts_on=date(2099, 1, 6), **more)
        taken(self.cheese, self.dome, 3)
        taken(self.cheese, self.lake, 2)
        taken(self.veg, self.dome, 4)
        taken(self.veg, None, 1)
        taken(self.veg, self.lake, 5, status="held")

    @property
    def page(self) -> str:
        return f"/gestion/activites/{self.sale.slug}/commande"


@pytest.mark.line("S3-37")
def test_the_supplier_reads_how_many_of_each_for_each_school_and_day(as_staff: SignIn) -> None:
    pizza = Pizza()

    counts = as_staff(Role.OWNER).get(pizza.page).context["counts"]

    assert [place and place.name for place in counts.establishments] == ["École du Dôme", "École du Lac", None]
    assert [(option.code, cells, total, pending) for option, cells, total, pending in counts.by_option] == [
        ("F", [3, 2, 0], 5, 0),
        ("V", [4, 0, 1], 5, 5),
    ]
    assert (counts.by_establishment, counts.total, counts.total_pending, counts.participants) == ([7, 2, 1], 10, 5, 4)
    assert counts.by_day == [(date(2099, 1, 5), 5), (date(2099, 1, 6), 5)]


def test_it_is_downloaded_as_a_table(as_staff: SignIn) -> None:
    pizza = Pizza()
    answer = as_staff(Role.OWNER).get(f"{pizza.page}.csv")

    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:] == [
        ["F", "Fromage", "2099-01-05", "École du Dôme", "3", "0"],
        ["F", "Fromage", "2099-01-05", "École du Lac", "2", "0"],
        ["V", "Végé", "2099-01-06", "École du Dôme", "4", "0"],
        ["V", "Végé", "2099-01-06", "École du Lac", "0", "5"],
        ["V", "Végé", "2099-01-06", "Sans établissement", "1", "0"],
    ]


def test_a_school_counts_its_own_children_only(as_staff: SignIn) -> None:
    pizza = Pizza()
    secretary = as_staff(Role.SECRETARY, pizza.dome)

    counts = secretary.get(pizza.page).context["counts"]

    assert (counts.total, [place.name for place in counts.establishments]) == (7, ["École du Dôme"])
    assert "École du Lac" not in secretary.get(f"{pizza.page}.csv").content.decode()


@pytest.mark.line("S3-37")
@pytest.mark.parametrize(
    ("people", "seats", "ratio", "expected"),
    [
        (40, 48, 10, (4, 44, 1)),
        (44, 48, 10, (5, 49, 2)),
        (96, 48, None, (0, 96, 2)),
        (1, None, 15, (1, 2, 0)),
        (0, 48, 10, None),
        (40, None, None, None),
    ],
)
def test_buses_hold_the_children_and_their_adults(people: int, seats: Any, ratio: Any, expected: Any) -> None:
    found = transport(people, seats=seats, ratio=ratio)

    assert (found and (found.adults, found.people, found.buses)) == expected


def test_the_page_does_the_sum_and_says_what_it_cannot_read(as_staff: SignIn) -> None:
    pizza, client = Pizza(), as_staff(Role.OWNER)
    assert "Autobus" not in words(client.get(pizza.page)), "nobody takes a bus to a meal"
    Offering.objects.filter(pk=pizza.sale.pk).update(nature="outing")

    assert "Il faut 2 adultes." in words(client.get(f"{pizza.page}?seats=4&ratio=2"))
    assert "Il faut 2 autobus de 4 places." in words(client.get(f"{pizza.page}?seats=4&ratio=2"))
    wrong = client.get(f"{pizza.page}?seats=0&ratio=")
    assert list(wrong.context["form"].errors) == ["seats"]


def test_it_asks_as_many_questions_for_many_as_for_one(as_staff: SignIn) -> None:
    client, pizza = as_staff(Role.OWNER), Pizza()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(pizza.page)
        return len(queries)

    client.get(pizza.page)
    before = count()
    for name in ("A", "B", "C"):
        taken(an_option(name, offering=pizza.sale), an_establishment())

    assert count() == before
