"""The file for Belcotax-on-web: golden, and with totals that always agree."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.audit.actors import SYSTEM
from tenant_apps.slips import belcotax, facts, files, issuers
from tenant_apps.slips.belcotax import Form
from tenant_apps.slips.models import Slip
from tenant_apps.slips.operations import correcting, making
from tests.slips.world import (
    CHILD_NUMBER,
    DECEMBER,
    ISSUER,
    MONDAY,
    PARENT_NUMBER,
    a_camp,
    a_family,
    a_week,
    an_issuer,
    an_unpaid_order,
    numbered,
    pay,
)

GOLDEN = Path(__file__).parent / "golden"
CERTIFIED = {
    "certification": "1",
    "certifier_name": "Office de la naissance et de l’enfance",
    "certifier_number": "0231907895",
    "certifier_street": "95, chaussée de Charleroi",
    "certifier_postal_code": "1060",
    "certifier_city": "Saint-Gilles",
}
PAYER = {"last_name": "Lapointe", "first_name": "Marie-Antoinette-Joséphine"}
CHILD = {"id": "c", "last_name": "Lapointe", "first_name": "Ada", "birth_date": "2015-01-21"}
NUMBERS = {"number": PARENT_NUMBER, "street": "12, rue des Érables", "postal_code": "4140", "town": "Sprimont"}
_periods = st.lists(
    st.builds(
        lambda cents, days: {"title": "x", "from": "2026-07-06", "until": "2026-07-10", "cents": cents, "days": days},
        st.integers(1, 1_000_000),
        st.integers(1, 200),
    ),
    min_size=1,
    max_size=11,
)


def an_xml(weeks: int, **issuer: Any) -> tuple[bytes, list[Slip]]:
    """What one family paid for so many weeks, as the file says it."""
    payee = an_issuer("281.86", **issuer)
    guardian, child = a_family()
    numbered(guardian, child)
    camp = a_camp(payee)
    options = [
        a_week(camp, starts_on=day, ends_on=date.fromordinal(day.toordinal() + 4))
        for day in (date.fromordinal(MONDAY.toordinal() + 7 * week) for week in range(weeks))
    ]
    order = an_unpaid_order(options, guardian, child)
    pay(order, order.total_cents, DECEMBER.replace(month=6))
    making.make(payee_id=payee.pk, kind="281.86", year=2026, actor=SYSTEM, at=DECEMBER)
    slips = files.to_send(payee, "281.86", 2026)
    return files.xml(slips, payee, 2026, on=date(2027, 2, 3)), slips


@pytest.mark.parametrize(
    ("name", "weeks", "issuer"),
    [("one_week", 1, {}), ("five_weeks_certified", 5, {**CERTIFIED, "file_kind": "BELCOTAX"})],
)
def test_the_file_is_the_one_that_was_agreed(name: str, weeks: int, issuer: dict[str, Any]) -> None:
    written, _slips = an_xml(weeks, **issuer)

    assert written.decode() == (GOLDEN / f"{name}.xml").read_text()


def test_more_than_four_periods_make_several_forms_of_one_slip() -> None:
    written, [slip] = an_xml(5)

    root = _read(written)
    forms = list(root.iter("Fiche28186"))
    assert [form.findtext("f2010_referentie") for form in forms] == ["2026-000001-1", "2026-000001-2"]
    assert [form.findtext("f2009_volgnummer") for form in forms] == ["1", "2"]
    assert [form.findtext("f86_2064_totalamount") for form in forms] == ["40000", "10000"]
    assert {form.findtext("f86_2153_nnchild") for form in forms} == {CHILD_NUMBER}
    assert slip.total_cents == 50000


def test_a_cancelled_one_is_taken_back_in_the_next_file() -> None:
    _written, [slip] = an_xml(1)
    correcting.cancel(slip_id=slip.pk, reason="Erreur", actor=SYSTEM, at=DECEMBER)

    written = files.xml(files.to_send(slip.payee, "281.86", 2026), slip.payee, 2026, on=date(2027, 2, 3))

    [form] = _read(written).iter("Fiche28186")
    assert form.findtext("f2028_typetraitement") == "3"


@given(st.lists(_periods, max_size=5))
def test_the_control_totals_agree_with_the_forms(slips: list[list[dict[str, Any]]]) -> None:
    forms = [_form(sheet) for periods in slips for sheet in facts.sheets(periods)]

    root = _read(belcotax.file(forms, issuer=issuers.read(ISSUER), year=2026, on=MONDAY))

    def numbers(name: str) -> list[int]:
        return [int(each.text or 0) for each in root.iter(name)]

    number = len(forms)
    amounts = [sum(period["cents"] for period in form.periods) for form in forms]
    assert sum(amounts) == sum(period["cents"] for periods in slips for period in periods)
    assert numbers("f86_2059_totaalcontrole") == [2 * cents for cents in amounts]
    assert numbers("r8010_aantalrecords") == [number + 2]
    assert numbers("r8011_controletotaal") == numbers("r9012_controletotaal") == [number * (number + 1) // 2]
    assert numbers("r8012_controletotaal") == numbers("r9013_controletotaal") == [2 * sum(amounts)]
    assert numbers("r9010_aantallogbestanden") == [3]
    assert numbers("r9011_totaalaantalrecords") == [number + 4]
    assert all(len(form.periods) <= 4 for form in forms)


def test_what_is_too_long_is_cut_and_what_xml_refuses_is_left_out() -> None:
    form = replace(_form([_a_period()]), payer={"last_name": "N" * 60 + "\x07", "first_name": PAYER["first_name"]})

    root = _read(belcotax.file([form], issuer=issuers.read(ISSUER), year=2026, on=MONDAY))

    assert root.findtext(".//f2013_naam") == "N" * 41
    assert root.findtext(".//f2114_voornamen") == "Marie-Antoinett"


def test_addresses_were_shorter_before_2022() -> None:
    form = replace(_form([_a_period()]), numbers={**NUMBERS, "street": "r" * 250})

    lengths = [len(_read(_of(form, year)).findtext(".//f2015_adres") or "") for year in (2021, 2022)]

    assert lengths == [32, 200]


def test_the_rate_may_be_left_out() -> None:
    silent = replace(issuers.read(ISSUER), shows_rate=False)

    written = belcotax.file([_form([_a_period()])], issuer=silent, year=2026, on=MONDAY)

    assert b"f86_2111" not in written
    assert b"f86_2111_dailytariff1>2000<" in _of(_form([_a_period()]), 2026)


def _read(written: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(written)  # noqa: S314 - written by ourselves


def _of(form: Form, year: int) -> bytes:
    return belcotax.file([form], issuer=issuers.read(ISSUER), year=year, on=MONDAY)


def _form(periods: Any) -> Form:
    return Form("2026-000001", "original", PAYER, CHILD, periods, {**NUMBERS, "children": {"c": CHILD_NUMBER}})


def _a_period() -> dict[str, Any]:
    return {"title": "Plaine", "from": "2026-07-06", "until": "2026-07-10", "cents": 10000, "days": 5}
