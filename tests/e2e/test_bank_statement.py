"""The commune's bank statement: shown, imported, matched, and what names no order given to one by a clerk."""

import re
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import expect
from psycopg import sql

from tenant_apps.payments import communication
from tests.accounting.coda import Sent, a_file
from tests.axe import violations
from tests.e2e import family

ORGANISATION = "commune_be"


def look(page, width):
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") == width, page.url


@contextmanager
def database_of(demo):
    with psycopg.connect(demo.facts["database_url"]) as database:
        [schema] = database.execute(
            "SELECT schema_name FROM tenants_organisation WHERE slug = %s", [demo.slug(ORGANISATION)]
        ).fetchone()
        database.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        yield database


def unpaid(demo):
    """The reference and the communication of an order that the demonstration left unpaid."""
    with database_of(demo) as database:
        return database.execute(
            "SELECT o.reference, o.communication FROM orders_order o JOIN families_guardian g ON g.id = o.guardian_id"
            " WHERE g.email = 'samira.haddad@famille.example' AND o.communication <> '' ORDER BY o.placed_at LIMIT 1"
        ).fetchone()


@pytest.mark.line("S4-45")
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_clerk_imports_the_banks_statement(demo, request, size, tmp_path):
    page = request.getfixturevalue(size)
    width = 360 if size == "phone" else 1280
    reference, digits = unpaid(demo)
    named = re.sub(r"\D", "", communication.formatted(digits))
    sent = (
        Sent(100, structured=named, name="HADDAD SAMIRA"),
        Sent(200, words=f"plaine d'Inès {size}", name="HADDAD SAMIRA"),
        Sent(-4500, words="Assurance", name="ASSUREUR"),
    )
    file = tmp_path / "extrait.cod"
    file.write_bytes(a_file(*sent, number=101 if size == "phone" else 102).encode("cp1252"))

    family.sign_in_staff(page, demo, ORGANISATION, "owner", path="/gestion/finances/virements")
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth") if size == "desk" else width
    page.get_by_role("link", name="Importer un extrait").first.click()
    look(page, width)
    page.get_by_label("Fichier de la banque").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aperçu de l’extrait")
    expect(page.get_by_text(f"Commande {reference}")).to_be_visible()
    expect(page.get_by_text("Sortie d’argent, ignorée")).to_be_visible()
    look(page, width)
    page.get_by_role("button", name="Importer ces virements").click()
    expect(page.get_by_text("2 virements sont importés.")).to_be_visible()
    expect(page.get_by_text("1 a trouvé sa commande.")).to_be_visible()
    look(page, width)

    page.get_by_label("Nom, communication ou montant").fill(f"plaine d'Inès {size}")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name="HADDAD SAMIRA").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Virement")
    look(page, width)
    page.get_by_label(f"Montant pour la commande {reference}").fill("2,00")
    page.get_by_role("button", name="Attribuer le virement").click()
    expect(page.get_by_text("Le virement est attribué.")).to_be_visible()
    page.get_by_text(re.compile("^Ce virement n’était pas pour cette commande")).click()
    look(page, width)
    page.get_by_label("Motif").fill("Essai")
    page.get_by_role("button", name="Reprendre le virement").click()
    expect(page.get_by_text("Le virement est repris")).to_be_visible()
    page.get_by_label(f"Montant pour la commande {reference}").fill("2,00")
    page.get_by_role("button", name="Attribuer le virement").click()
    expect(page.get_by_text("Le virement est attribué.")).to_be_visible()
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("Communication structurée")).to_be_visible()
    expect(page.get_by_text("Virement").first).to_be_visible()
