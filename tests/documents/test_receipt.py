"""The receipt as a document: tagged, titled, in its language, and unmoved by what a name may hold."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from shared_apps.documents import rendering

WORDS = {
    "title": "Reçu nº 000012",
    "lang": "fr",
    "region": "CA",
    "paper": "us-letter",
    "brand": "#1d4f91",
    "payee": {"name": "Centre de services scolaire des Rivières", "lines": ["12, rue de l’École"]},
    "issued_label": "Délivré le",
    "issued": "25 novembre 2026",
    "facts": [["Commande", "K7PM-4XQ9"]],
    "lines_title": "Ce qui a été payé",
    "columns": ["Libellé", "Prix unitaire", "Quantité", "Montant"],
    "rows": [["Mercredis macaroni – 11 janvier 2023\nLapointe John", "5,50\u00a0$", "3", "16,50\u00a0$"]],
    "totals": [["Total payé", "16,50\u00a0$"]],
    "notices": [],
    "coming_title": "Ce qui reste à venir",
    "coming_columns": ["Versement", "Échéance", "Montant"],
    "coming": [],
    "notes": [],
    "footer": "Centre de services scolaire des Rivières",
    "page": "Page",
}


def drawn(**changes):
    return PdfReader(BytesIO(rendering.pdf("receipt", {**WORDS, **changes})))


def text_of(pdf):
    return " ".join(page.extract_text() for page in pdf.pages)


def test_it_is_tagged_titled_and_in_french():
    pdf = drawn()

    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"].startswith("fr")
    assert pdf.metadata.title == "Reçu nº 000012"


def test_it_says_who_was_paid_how_much_and_for_what():
    text = text_of(drawn())

    for words in ("Centre de services scolaire des Rivières", "K7PM-4XQ9", "Lapointe John", "16,50\u00a0$"):
        assert words in text


@pytest.mark.parametrize("name", ['#panic("x")', "*_`$#@<a>", "= Titre", "Łucja Ő"])
def test_a_name_is_text_and_never_markup(name):
    pdf = drawn(facts=[["Payé par", name]])

    assert name in text_of(pdf)


@pytest.mark.parametrize("name", ["Élodie 李 明", "김 Ada", "Zoé 😀", "a\u001fb"])
def test_letters_that_no_font_of_ours_draws_are_each_a_square(name):
    text = text_of(drawn(facts=[["Payé par", name], ["Commande", "K7PM-4XQ9"]]))

    assert "□" in text
    assert "K7PM-4XQ9" in text
