"""A catalogue as a table: what its cells say, what is refused where, and that an export comes back as it went."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import Workbook

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog import places
from tenant_apps.catalog.errors import OptionPending
from tenant_apps.catalog.importing import columns, exporting, planning, reading, sheets
from tenant_apps.catalog.models import Category, Offering, Season
from tenant_apps.catalog.operations import foreseen, many
from tenant_apps.catalog.operations.many import Outcome
from tenant_apps.catalog.operations.wanted import Wanted
from tenant_apps.imports import errors
from tenant_apps.office import exports
from tenant_apps.registrations.errors import CapacityBelowTaken
from tenant_apps.registrations.models import Places
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, a_payee, an_establishment, an_organisation_profile
from tests.factories.registrations import a_hold

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture(autouse=True)
def _profile(organisation_a: Any) -> None:
    an_organisation_profile()


def a_csv(*rows: list[str], mark: str = ";", encoding: str = "utf-8-sig") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def a_workbook(*rows: list[Any]) -> io.BytesIO:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def faults(file: io.BytesIO) -> list[tuple[int, str, str]]:
    table = reading.read(file)
    planning.plan(table, zone=TORONTO)
    return [tuple(fault) for fault in table.faults]


def attempt(wanted: list[Wanted]) -> foreseen.Attempt[Outcome]:
    return partial(many.attempt, wanted=wanted, actor=SYSTEM, at=NOON)


def foresee(wanted: list[Wanted]) -> list[Outcome]:
    return foreseen.foresee(attempt(wanted))


def put(file: io.BytesIO) -> list[Outcome]:
    table = reading.read(file)
    wanted = planning.plan(table, zone=TORONTO)
    assert table.faults == []
    return foreseen.carry_out(attempt(wanted), seen=foreseen.seal(foresee(wanted)))


HEAD = ["Titre", "Genre", "Ouverture", "Code", "Choix", "Début du choix", "Prix", "Places"]


def test_rows_become_an_offering_with_its_options_and_places() -> None:
    a_payee("Ville")
    file = a_csv(
        HEAD,
        ["Camp", "Camp", "2027-03-01 18:00", "S1", "Semaine 1", "2027-06-28", "120,00 $", "40"],
        ["Camp", "", "", "S2", "Semaine 2", "05/07/2027", "99.5", "illimité"],
    )

    [outcome] = put(file)

    camp = Offering.objects.get()
    assert (outcome.kind, camp.title, camp.slug, camp.status) == ("new", "Camp", "camp", "draft")
    assert (camp.selection, camp.payee.name) == ("per_week", "Ville")
    assert camp.opens_at == datetime(2027, 3, 1, 23, 0, tzinfo=UTC)
    made = list(camp.options.all())
    assert [(each.code, each.name, each.starts_on, each.price_cents) for each in made] == [
        ("S1", "Semaine 1", date(2027, 6, 28), 12000),
        ("S2", "Semaine 2", date(2027, 7, 5), 9950),
    ]
    assert [places.of([each.id])[each.id] for each in made] == [40, None]


def test_a_workbook_says_the_same_as_a_csv() -> None:
    a_payee()
    evening = datetime(2027, 3, 1, 18)  # noqa: DTZ001 - a workbook knows no zone
    file = a_workbook(
        HEAD,
        ["Camp", "Camp", evening, "S1", "Semaine 1", date(2027, 6, 28), 120.5, 40],
    )
    put(file)

    camp = Offering.objects.get()
    assert camp.opens_at == datetime(2027, 3, 1, 23, 0, tzinfo=UTC)
    assert camp.options.values_list("price_cents", "starts_on").get() == (12050, date(2027, 6, 28))


def everything() -> Offering:
    season = Season.objects.create(name="Été; 2026", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    offering = an_offering(
        "=Camp « d’été »",
        nature="camp",
        season=season,
        category=Category.objects.create(slug="camps", name="Camps"),
        establishments=[an_establishment("Centre A"), an_establishment("Centre B")],
        levels=[a_level("1re année")],
        tags=["eau", "plein\u00a0air"],
        summary="Deux, semaines",
        presentation="Bonjour.\r\n\r\n- un\n  - deux  \n- trois\n",
        refund_policy="-50 % avant le 1er",
        opens_at=NOON,
        deadline_on=date(2026, 6, 19),
        starts_on=date(2026, 6, 29),
        ends_on=date(2026, 7, 3),
    )
    an_option("Semaine 1", offering=offering, places=12, price=12345, starts_on=date(2026, 6, 29), code="S1")
    an_option("Semaine 1", offering=offering, starts_on=date(2026, 7, 6), is_offered=False, maximum_quantity=3)
    an_option("@don", offering=offering, price=0, is_voluntary=True)
    return offering


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_export_comes_back_and_changes_nothing(language: str) -> None:
    everything()
    an_offering("Sans choix")
    Offering.objects.exclude(title="Sans choix").update(title="=Camp\u202f: été")
    with translation.override(language):
        rows = exporting.rows(Offering.objects.all(), zone=TORONTO, decimal_mark=exports.decimal_mark())
        file = io.BytesIO(exports.table("catalogue", exporting.head(language), rows).content)

    table = reading.read(file)
    wanted = planning.plan(table, zone=TORONTO)

    assert (table.faults, table.ignored) == ([], [])
    assert sorted((each.differs, len(each.options)) for each in wanted) == [(False, 0), (False, 3)]
    before = Entry.objects.count()
    assert {each.kind for each in foresee(wanted)} == {"unchanged"}
    assert Entry.objects.count() == before


def test_only_what_differs_is_written_and_told() -> None:
    zoo = an_offering("Zoo", tags=["nature"])
    option = an_option("Groupe", offering=zoo, places=20, code="G")
    head = ["Adresse", "Titre", "Mots-clés", "Code", "Prix", "Places"]

    [outcome] = put(a_csv(head, [zoo.slug, "Zoo", "nature; train", "G", "6,00", "25"]))

    assert outcome.kind == "changed"
    assert outcome.changes == {"tags": [["nature"], ["nature", "train"]]}
    assert [changes for _, changes in outcome.parts] == [{"price_cents": [550, 600], "capacity": [20, 25]}]
    option.refresh_from_db()
    assert (option.price_cents, option.name, places.of([option.id])[option.id]) == (600, "Groupe", 25)


@pytest.mark.parametrize(
    ("heading", "cell", "message"),
    [
        ("Prix", "douze", "«\u202fdouze\u202f» n’est pas un montant. Écrivez 12,50."),
        ("Prix", "1e999999", "«\u202f1e999999\u202f» n’est pas un montant. Écrivez 12,50."),
        ("Prix", "1,234", "«\u202f1,234\u202f» n’est pas un montant. Écrivez 12,50."),
        ("Places", "beaucoup", "«\u202fbeaucoup\u202f» n’est pas un nombre entier."),
        (
            "Début du choix",
            "31/02/2027",
            "«\u202f31/02/2027\u202f» n’est pas une date. Écrivez AAAA-MM-JJ ou JJ/MM/AAAA.",
        ),
        ("Ouverture", "demain", "«\u202fdemain\u202f» n’est pas un moment. Écrivez AAAA-MM-JJ HH:MM."),
        ("Saison", "Hiver", "«\u202fHiver\u202f» n’existe pas dans votre organisation."),
        ("Établissements", "École X; École Y", "«\u202fÉcole X\u202f» n’existe pas dans votre organisation."),
        ("Mots-clés", "x" * 41, "Au plus 20 mots-clés, de 40 caractères au plus."),
        ("Offert", "peut-être", "«\u202fpeut-être\u202f»\u202f: écrivez oui ou non."),
        ("Résumé", "x" * 301, "Cette valeur dépasse 300 caractères."),
        (
            "Choix",
            "=HYPERLINK(1)",
            "Cette valeur commence par «\u202f=\u202f»\u202f: un tableur la prendrait pour une formule.",
        ),
        (
            "Choix",
            "＝1+1",
            "Cette valeur commence par «\u202f＝\u202f»\u202f: un tableur la prendrait pour une formule.",
        ),
        ("Choix", "+33", "Cette valeur commence par «\u202f+\u202f»\u202f: un tableur la prendrait pour une formule."),
    ],
)
def test_a_fault_is_told_with_its_line_its_column_and_words(heading: str, cell: str, message: str) -> None:
    a_payee()
    head = ["Titre", "Genre", "Code", heading]

    assert faults(a_csv(head, ["Zoo", "Sortie", "", ""], ["Lac", "Sortie", "A", cell]))[0] == (3, heading, message)


def test_a_formula_in_a_workbook_is_never_read() -> None:
    a_payee()
    file = a_workbook(["Titre", "Genre", "Résumé"], ["Zoo", "Sortie", "=1+1"])

    assert [(row, column) for row, column, _ in faults(file)] == [(2, "Résumé")]


def test_what_a_new_offering_needs_is_asked_for() -> None:
    a_payee("A")
    a_payee("B")
    found = faults(a_csv(["Titre", "Prix"], ["Zoo", "5"], ["", "6"]))

    assert [(row, column) for row, column, _ in found] == [
        (3, "Titre"),
        (2, "Genre"),
        (2, "Choix"),
    ]
    again = faults(a_csv(["Titre", "Genre", "Choix"], ["Zoo", "sortie", "Groupe"]))
    assert again == [(2, "Compte de paiement", "Dites à quel compte de paiement elle est payée.")]


def test_rows_of_one_offering_may_not_disagree() -> None:
    zoo = an_offering("Zoo")
    head = ["Adresse", "Titre", "Choix", "Fin du choix", "Début du choix"]
    found = faults(
        a_csv(
            head,
            [zoo.slug, "Zoo", "A", "", ""],
            [zoo.slug, "Parc", "A", "", ""],
            [zoo.slug, "Zoo", "B", "2026-01-01", "2026-02-01"],
            ["nulle-part", "Rien", "A", "", ""],
        )
    )

    assert [(row, column) for row, column, _ in found] == [
        (3, "Titre"),
        (3, "Choix"),
        (4, "Fin du choix"),
        (5, "Adresse"),
        (5, "Genre"),
    ]


def test_nothing_is_written_if_one_part_is_refused() -> None:
    option = an_option("Groupe", offering=an_offering("Zoo"), places=5, code="G")
    an_offering("Lac")
    Places.objects.filter(option_id=option.id).update(taken=4)
    zoo, lake = option.offering.slug, Offering.objects.get(title="Lac").slug
    table = reading.read(a_csv(["Adresse", "Résumé", "Code", "Places"], [lake, "Beau", "", ""], [zoo, "", "G", "2"]))
    wanted = planning.plan(table, zone=TORONTO)

    seen = foreseen.seal(foresee(wanted))
    with pytest.raises(foreseen.SomeRefused) as refused:
        foreseen.carry_out(attempt(wanted), seen=seen)

    assert [(each.wanted.title, each.kind, list(each.against)) for each in refused.value.outcomes] == [
        ("Lac", "changed", []),
        ("Zoo", "refused", [str(CapacityBelowTaken(taken=4))]),
    ]
    assert Offering.objects.get(title="Lac").summary == ""
    assert Places.objects.get().capacity == 5


def test_a_price_turns_into_no_gift_while_somebody_is_about_to_pay_it() -> None:
    held, free = an_option("Billet", price=600, code="G"), an_option("Don", price=0, code="D")
    a_hold(held)
    rows = [[each.offering.slug, each.code, "oui", "0"] for each in (held, free)]
    wanted = planning.plan(
        reading.read(a_csv(["Adresse", "Code", "Contribution volontaire", "Prix"], *rows)), zone=TORONTO
    )

    found = [(each.wanted.row, each.kind, list(each.against)) for each in foresee(wanted)]
    assert found == [(2, "refused", [str(OptionPending(name="Billet"))]), (3, "changed", [])]


def test_nothing_is_written_that_was_not_foreseen() -> None:
    zoo = an_offering("Zoo")
    wanted = planning.plan(reading.read(a_csv(["Adresse", "Résumé"], [zoo.slug, "Beau"])), zone=TORONTO)

    with pytest.raises(foreseen.ChangedMeanwhile):
        foreseen.carry_out(attempt(wanted), seen="another")

    assert Offering.objects.get().summary == ""


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (a_csv(["Titre"]), "Ce fichier est vide\u202f: il lui faut un en-tête et au moins une ligne."),
        (a_csv(["Prix"], ["5"]), "La colonne «\u202fTitre\u202f» manque dans l’en-tête."),
        (a_csv(["Titre", "titre"], ["a", "b"]), "La colonne «\u202ftitre\u202f» est deux fois dans l’en-tête."),
        (
            io.BytesIO(b"PK\x03\x04nonsense"),
            "Ce classeur n’est pas lisible. Enregistrez-le de nouveau en XLSX ou en CSV UTF-8.",
        ),
        (io.BytesIO(b"\0\1\2"), str(errors.MESSAGES["binary"])),
        (io.BytesIO(b""), "La colonne «\u202fTitre\u202f» manque dans l’en-tête."),
    ],
)
def test_a_file_that_is_no_table_is_told_as_a_whole(file: io.BytesIO, message: str) -> None:
    with pytest.raises(sheets.Unreadable) as unreadable:
        reading.read(file)
    assert str(unreadable.value) == message


def test_a_zip_that_unpacks_to_too_much_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * (81 * 2**20))

    with pytest.raises(sheets.Unreadable, match="trop grand"):
        reading.read(file)


_CELLS = '<c r="A{row}" t="inlineStr"><is><t>{title}</t></is></c>'


def a_sheet(rows: str) -> io.BytesIO:
    """A workbook whose first sheet says this, as no spreadsheet would have written it."""
    file, head = io.BytesIO(), f"<row>{_CELLS.format(row=1, title='Titre')}</row>"
    xmlns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    said = f'<worksheet xmlns="{xmlns}"><sheetData>{head}{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(a_workbook(["Titre"])) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, said if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return file


@pytest.mark.parametrize(
    "rows",
    [f'<row r="2000000000">{_CELLS.format(row=2000000000, title="Zoo")}</row>', f"<row>{'<c/>' * 500_000}</row>"],
)
def test_a_small_file_keeps_nobody_busy_for_long(rows: str) -> None:
    with pytest.raises(sheets.Unreadable, match="trop grand"):
        reading.read(a_sheet(rows))


@pytest.mark.parametrize("formula", ['<f t="array" ref="A2:A3">1+1</f>', '<f t="dataTable" ref="A2:A3" r1="A1"/>'])
def test_a_formula_of_several_cells_is_a_formula(formula: str) -> None:
    [fault, *_others] = faults(a_sheet(f'<row r="2"><c r="A2">{formula}<v>2</v></c></row>'))
    assert fault[:2] == (2, "Titre") and "formule" in fault[2]


def test_an_encrypted_workbook_is_told_as_a_whole() -> None:
    said = bytearray(a_workbook(["Titre"], ["Zoo"]).getvalue())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := said.find(mark, at + 1)) >= 0:
            said[at + place] |= 1

    with pytest.raises(sheets.Unreadable, match="n’est pas lisible"):
        reading.read(io.BytesIO(bytes(said)))


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Date limite", "31/12/9999"),
        ("Premier jour", "0001-01-01"),
        ("Ouverture des inscriptions", "9999-12-31 23:59"),
        ("Places", "9" * 5000),
        ("Prix", "9e999999"),
        ("Quantité minimale", "0"),
        ("Quantité maximale", "1001"),
        ("Choix", "a" * 121),
        ("Description du choix", "a" * 201),
    ],
)
def test_what_no_page_and_no_column_could_hold_is_a_fault(heading: str, said: str) -> None:
    a_payee()
    head = ["Titre", "Genre", heading, *([] if heading == "Choix" else ["Choix"])]
    found = faults(a_csv(head, ["Zoo", "Sortie", said, *([] if heading == "Choix" else ["A"])]))
    assert (2, heading) in [(row, column) for row, column, _ in found]


def test_more_rows_than_a_request_can_write_are_refused() -> None:
    rows = [["Zoo"]] * (sheets.MOST_ROWS + 1)

    with pytest.raises(sheets.Unreadable, match="dépasse 1000 lignes"):
        reading.read(a_csv(["Titre"], *rows))


def test_every_column_is_understood_by_each_of_its_headings() -> None:
    for column in columns.COLUMNS:
        for heading in (column.french, column.english, *column.others):
            assert columns.meaning(f" {heading.upper()} :") is column


def test_the_trail_tells_what_the_table_made_and_changed() -> None:
    zoo = an_offering("Zoo", summary="Petit")
    option = an_option("Groupe", offering=zoo, code="G")
    known = set(Entry.objects.values_list("id", flat=True))

    put(
        a_csv(
            ["Adresse", "Résumé", "Code", "Choix", "Prix"],
            [zoo.slug, "Grand", "G", "", "6"],
            [zoo.slug, "", "", "B", ""],
        )
    )

    added = zoo.options.get(name="B")
    told = Entry.objects.exclude(id__in=known).filter(subject="offering").order_by("action")
    assert [(each.action, each.subject_id, each.details) for each in told] == [
        ("offering.changed", zoo.id, {"changes": {"summary": ["Petit", "Grand"]}}),
        (
            "option.changed",
            zoo.id,
            {"option": str(option.id), "name": "Groupe", "changes": {"price_cents": [550, 600]}},
        ),
        ("option.created", zoo.id, {"option": str(added.id), "name": "B", "changes": {}}),
    ]
    zoo.refresh_from_db()
    assert "grand" in zoo.search_text and "groupe" in zoo.search_text


def test_the_lists_of_an_offering_become_those_of_the_table() -> None:
    north, south = an_establishment("Nord"), an_establishment("Sud")
    zoo, lake = an_offering("Zoo", establishments=[north]), an_offering("Lac", establishments=[north])

    put(a_csv(["Adresse", "Établissements"], [zoo.slug, "Sud"], [lake.slug, ""]))

    assert [list(zoo.establishments.all()), list(lake.establishments.all())] == [[south], [north]]


def test_two_new_offerings_of_one_title_would_not_have_one_address() -> None:
    an_offering("Zoo", slug="zoo", payee=a_payee())

    put(a_csv(["Titre", "Genre"], ["Zoo!", "Sortie"], ["Zoo ?", "Sortie"]))

    assert sorted(Offering.objects.exclude(title="Zoo").values_list("slug", flat=True)) == ["zoo-2", "zoo-3"]


def test_what_is_published_stays_whole() -> None:
    option = an_option("Groupe", offering=an_offering("Zoo"), code="G")
    file = a_csv(["Adresse", "Code", "Offert"], [option.offering.slug, "G", "non"])

    [outcome] = foresee(planning.plan(reading.read(file), zone=TORONTO))

    lacking = "Il n’y a aucun choix à prendre\u202f: ajoutez-en au moins un."
    assert (outcome.kind, list(outcome.against)) == ("refused", [lacking])
    option.refresh_from_db()
    assert option.is_offered


@pytest.mark.parametrize("writes", ["new", "changed"])
def test_as_many_statements_to_write_many_as_one(writes: str) -> None:
    a_payee()
    where, head = an_establishment("Nord"), ["Adresse", "Titre", "Genre", "Établissements", "Choix", "Places"]

    def count(number: int) -> int:
        slugs = [an_offering("Zoo").slug if writes == "changed" else "" for _ in range(number)]
        titles = [f"{number} {place}" for place in range(number)]
        rows = [[slug, title, "Sortie", where.name, "A", "5"] for slug, title in zip(slugs, titles, strict=True)]
        wanted = planning.plan(reading.read(a_csv(head, *rows)), zone=TORONTO)
        with CaptureQueriesContext(connection) as queries:
            outcomes = foresee(wanted)
        assert [each.kind for each in outcomes] == [writes] * number
        return len(queries)

    assert count(3) == count(1)


@pytest.mark.parametrize("reads", ["plan", "export"])
def test_as_many_questions_for_many_as_for_one(reads: str) -> None:
    def count() -> int:
        offerings = Offering.objects.all()
        slugs = list(offerings.values_list("slug", flat=True))
        with CaptureQueriesContext(connection) as queries:
            if reads == "export":
                list(exporting.rows(offerings, zone=TORONTO, decimal_mark=","))
            else:
                table = reading.read(a_csv(["Adresse", "Code", "Prix"], *[[slug, "X", "5"] for slug in slugs]))
                planning.plan(table, zone=TORONTO)
        return len(queries)

    an_option(offering=an_offering(establishments=[an_establishment()]))
    one = count()
    for _ in range(2):
        an_option(offering=an_offering(establishments=[an_establishment()]))

    assert count() == one
