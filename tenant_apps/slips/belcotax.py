"""The file of the forms 281.86 for Belcotax-on-web, with its control totals (R-35 to R-40).

What is certain of it and what is not is in docs/slips.md: it is to be tried with BCTEST, and in the tax office's own
validation module, before it is sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tenant_apps.slips import facts, issuers
from tenant_apps.slips.issuers import BELGIUM, Issuer
from tenant_apps.slips.models import Version

_TYPE = "28186"
_ADDRESS_BEFORE_2022, _ADDRESS = 32, 200
_NAME, _FIRST_NAME, _PAYER_FIRST_NAME, _TOWN, _CHILD_ADDRESS, _EMAIL, _ORGANISATION = 41, 30, 15, 27, 41, 44, 28
# Begin, end, amount, days and rate of each of the four periods.
_PERIODS = (
    ("f86_2055_begindate1", "f86_2056_enddate1", "f86_2060_amount1", "f86_2110_numberofday1", "f86_2111_dailytariff1"),
    ("f86_2093_begindate2", "f86_2144_enddate2", "f86_2061_amount2", "f86_2113_numberofday2", "f86_2115_dailytariff2"),
    ("f86_2157_begindate3", "f86_2158_enddate3", "f86_2062_amount3", "f86_2116_numberofday3", "f86_2117_dailytariff3"),
    ("f86_2161_begindate4", "f86_2162_enddate4", "f86_2063_amount4", "f86_2119_numberofday4", "f86_2120_dailytariff4"),
)
# f2028: an ordinary form, one that corrects, one that takes back.
_TREATMENT = {Version.ORIGINAL: "0", Version.AMENDED: "1", Version.CANCELLED: "3"}


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: a slip's, with four periods at most. `numbers` is what the slip has sealed."""

    reference: str
    version: str
    payer: Mapping[str, str]
    child: Mapping[str, Any]
    periods: Sequence[Mapping[str, Any]]
    numbers: Mapping[str, Any]

    @property
    def cents(self) -> int:
        return sum(period["cents"] for period in self.periods)

    @property
    def control(self) -> int:
        """R-38: the amounts and their total."""
        return 2 * self.cents


def file(forms: Sequence[Form], *, issuer: Issuer, year: int, on: date) -> bytes:
    """In UTF-8. The same forms and the same day give the same bytes."""
    root = Element("Verzendingen")
    sending = SubElement(root, "Verzending")
    _write(sending, _sender(issuer, year, on))
    declaration = SubElement(SubElement(sending, "Aangiften"), "Aangifte")
    _write(declaration, _declarer(issuer, year))
    record = SubElement(SubElement(declaration, "Opgaven"), "Opgave32586")
    for position, form in enumerate(forms, 1):
        _write(SubElement(record, "Fiche28186"), _form(form, position, issuer, year))
    totals = (sum(range(1, len(forms) + 1)), sum(form.control for form in forms))
    _write(declaration, _end_of_declaration(len(forms), totals, issuer, year))
    _write(sending, _end_of_sending(len(forms), totals, year))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _sender(issuer: Issuer, year: int, on: date) -> dict[str, object]:
    return {
        "v0002_inkomstenjaar": year,
        "v0010_bestandtype": issuer.file_kind,
        "v0011_aanmaakdatum": _day(on),
        "v0014_naam": issuer.name[:_ORGANISATION],
        "v0015_adres": _address(issuer.street, year),
        "v0016_postcode": issuer.postal_code,
        "v0017_gemeente": issuer.city[:_TOWN],
        "v0018_telefoonnummer": _digits(issuer.phone),
        "v0021_contactpersoon": issuer.signatory[:_NAME],
        "v0022_taalcode": issuer.language,
        "v0023_emailadres": issuer.email[:_EMAIL],
        "v0024_nationaalnr": _digits(issuer.number),
        "v0025_typeenvoi": 0,
        "v0028_landwoonplaats": issuer.country,
    }


def _declarer(issuer: Issuer, year: int) -> dict[str, object]:
    return {
        "a1002_inkomstenjaar": year,
        "a1005_registratienummer": _digits(issuer.number),
        "a1011_naamnl1": issuer.name[:_ORGANISATION],
        "a1013_adresnl": _address(issuer.street, year),
        "a1014_postcodebelgisch": issuer.postal_code,
        "a1015_gemeente": issuer.city[:_TOWN],
        "a1016_landwoonplaats": issuer.country,
        "a1020_taalcode": issuer.language,
    }


def _form(form: Form, position: int, issuer: Issuer, year: int) -> dict[str, object]:
    """In the order of the numbers of its fields, but for the ones of the payer, which come first."""
    payer = {
        "f2002_inkomstenjaar": year,
        "f2005_registratienummer": _digits(issuer.number),
        "f2008_typefiche": _TYPE,
        "f2009_volgnummer": position,
        "f2010_referentie": form.reference,
        "f2011_nationaalnr": form.numbers.get("number", ""),
        "f2013_naam": form.payer["last_name"][:_NAME],
        "f2015_adres": _address(form.numbers.get("street", ""), year),
        "f2016_postcodebelgisch": form.numbers.get("postal_code", ""),
        "f2017_gemeente": form.numbers.get("town", "")[:_TOWN],
        "f2018_landwoonplaats": BELGIUM,
        "f2028_typetraitement": _TREATMENT[Version(form.version)],
        "f2029_enkelopgave325": 0,
        "f2114_voornamen": form.payer["first_name"][:_PAYER_FIRST_NAME],
    }
    own = {**_periods(form, issuer), **_child(form), **_certifier(issuer, year)}
    own |= {"f86_2059_totaalcontrole": form.control, "f86_2064_totalamount": form.cents}
    return {**payer, **dict(sorted(own.items()))}


def _periods(form: Form, issuer: Issuer) -> dict[str, object]:
    found: dict[str, object] = {}
    for names, period in zip(_PERIODS, form.periods, strict=False):
        begin, end, amount, days, rate = names
        found |= {
            begin: _day(date.fromisoformat(period["from"])),
            end: _day(date.fromisoformat(period["until"])),
            amount: period["cents"],
            days: period["days"],
        }
        if issuer.shows_rate:
            found[rate] = facts.rate(period)
    return found


def _child(form: Form) -> dict[str, object]:
    """At the address of who pays, as the family gave it."""
    child = form.child
    return {
        "f86_2101_childcountry": BELGIUM,
        "f86_2102_childaddress": form.numbers.get("street", "")[:_CHILD_ADDRESS],
        "f86_2106_childname": child["last_name"][:_NAME],
        "f86_2107_childfirstname": child["first_name"][:_FIRST_NAME],
        "f86_2139_childpostnr": form.numbers.get("postal_code", ""),
        "f86_2140_childmunicipality": form.numbers.get("town", "")[:_TOWN],
        "f86_2153_nnchild": form.numbers.get("children", {}).get(child["id"], ""),
        "f86_2163_childbirthdate": _day(date.fromisoformat(child["birth_date"])),
    }


def _certifier(issuer: Issuer, year: int) -> dict[str, object]:
    """R-32: where it is to be said."""
    if not issuer.certification:
        return {}
    begins, ends = issuers.validity(issuer, year)
    return {
        "f86_2031_certificationautorisation": issuer.certification,
        "f86_2100_certifierpostnr": issuer.certifier_postal_code,
        "f86_2109_certifiercbenumber": _digits(issuer.certifier_number),
        "f86_2154_certifiermunicipality": issuer.certifier_city[:_TOWN],
        "f86_2155_certifiername": issuer.certifier_name[:_NAME],
        "f86_2156_certifieradres": _address(issuer.certifier_street, year),
        "f86_2164_beginvaliditycertification": _day(begins),
        "f86_2171_endvaliditycertification": _day(ends),
    }


def _end_of_declaration(number: int, totals: tuple[int, int], issuer: Issuer, year: int) -> dict[str, object]:
    return {
        "r8002_inkomstenjaar": year,
        "r8005_registratienummer": _digits(issuer.number),
        "r8010_aantalrecords": number + 2,
        "r8011_controletotaal": totals[0],
        "r8012_controletotaal": totals[1],
        "r8013_totaalvoorheffingen": 0,
    }


def _end_of_sending(number: int, totals: tuple[int, int], year: int) -> dict[str, object]:
    return {
        "r9002_inkomstenjaar": year,
        "r9010_aantallogbestanden": 3,
        "r9011_totaalaantalrecords": number + 4,
        "r9012_controletotaal": totals[0],
        "r9013_controletotaal": totals[1],
        "r9014_controletotaal": 0,
    }


def _write(parent: Element, said: Mapping[str, object]) -> None:
    """What is empty is left out."""
    for name, value in said.items():
        if value != "":
            SubElement(parent, name).text = _speakable(str(value))


def _speakable(text: str) -> str:
    """No character that XML refuses."""
    return re.sub(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _address(street: str, year: int) -> str:
    return street[: _ADDRESS if year >= 2022 else _ADDRESS_BEFORE_2022]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")
