"""Everything that an organisation has leaves with it, all of one moment, and nothing of anybody else."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from kernel.inventory import DataClass, declared
from kernel.registry import Registry
from shared_apps.vault import keys
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenants.context import in_organisation, in_registry
from tenants.leaving import catalog, export, rows
from tenants.models import Organisation
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.privacy.traces import a_family, a_paid_order
from tests.tenants import leaving

# What is read is read on another connection, which sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organisation(organisation_a: Organisation, settings: Settings, tmp_path: Path) -> Organisation:
    settings.MEDIA_ROOT = tmp_path / "media"
    keys.forget()
    an_organisation_profile(contact_email="aide@example.org")
    return organisation_a


def test_each_column_of_each_table_is_there_or_named_among_what_is_left_out(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rows that are about nothing draw no paper.
    monkeypatch.setattr(export, "DOCUMENTS", Registry("source of documents"))
    put = leaving.put_canaries(organisation)

    leaving.exported(organisation, tmp_path / "out")

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    left_out = {(each["table"], each["column"]) for each in manifest["left_out"]}
    for table, columns in put.items():
        given = {name: leaving.as_json(value) for name, value in columns.items() if (table, name) not in left_out}
        told = leaving.lines(tmp_path / "out" / "tables" / f"{table}.jsonl") if given else []
        assert [line for line in told if line == given] == ([given] if given else []), table


def test_what_opens_a_door_is_left_out_and_nothing_else(organisation: Organisation, tmp_path: Path) -> None:
    leaving.exported(organisation, tmp_path / "out")

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    named = {(each["table"], each["column"]) for each in manifest["left_out"]}
    secret = {name for name, held in declared().items() if held.data == DataClass.SECRET}
    assert len(named) == len(secret) + len({"outbox.Message.text", "outbox.Message.html"})
    assert {("accounts_user", "password"), ("mfa_authenticator", "data"), ("vault_datakey", "wrapped")} <= named
    assert {("django_session", "session_data"), ("outbox_message", "text")} <= named
    assert all(each["why"]["fr"] and each["why"]["en"] for each in manifest["left_out"])


def test_a_family_is_found_again_in_rows_papers_and_files(organisation: Organisation, tmp_path: Path) -> None:
    family = a_family("ZEBRE")
    order = a_paid_order(family)
    ledger.enter(debit=Account.PROCESSOR, credit=Account.REVENUE, cents=4_200, source="sold", at=NOON, order=order)
    default_storage.save("offerings/photo.webp", ContentFile(b"a picture"))

    report = leaving.exported(organisation, tmp_path / "out")

    out = tmp_path / "out"
    [child] = leaving.lines(out / "tables" / "families_participant.jsonl")
    assert child["sealed"] == {"allergies": "noix ZEBRE"}
    [sealed] = {json.dumps(each["content"]) for each in leaving.lines(out / "tables" / "forms_sealed.jsonl")}
    assert sealed == '{"medication": "sirop ZEBRE"}'
    assert report.documents == {"payments": 2, "consents": 1, "attachments": 1, "accounting": 1, "slips": 0}
    assert [path.read_bytes() for path in (out / "documents" / "pieces-jointes").rglob("*.pdf")] == [b"file"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (out / "documents" / "recus").iterdir())
    assert (out / "files" / "offerings" / "photo.webp").read_bytes() == b"a picture"
    totals = json.loads((out / "documents" / "grand-livre.json").read_text())
    assert [(each["account"], each["cents"]) for each in totals] == [("processor", 4_200), ("revenue", -4_200)]


def test_the_manifest_counts_and_hashes_all_that_is_there(organisation: Organisation, tmp_path: Path) -> None:
    a_family("ZEBRE")

    leaving.exported(organisation, tmp_path / "out")

    found = dict(leaving.every_byte(tmp_path / "out"))
    manifest = json.loads(found.pop("manifest.json"))
    assert {each["path"]: (each["size"], each["sha256"]) for each in manifest["files"]} == {
        path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in found.items()
    }
    written = {path.removesuffix(".jsonl"): content.count(b"\n") for path, content in found.items() if "jsonl" in path}
    assert {name: number for name, number in manifest["rows"].items() if name in written} == written
    assert manifest["rows"]["tables/families_guardian"] == 1


def test_the_schema_says_what_each_column_means(organisation: Organisation, tmp_path: Path) -> None:
    leaving.exported(organisation, tmp_path / "out")

    tables = {each["name"]: each for each in json.loads((tmp_path / "out" / "schema.json").read_text())["tables"]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        there = {row[0] for row in cursor.fetchall()}
    assert there <= tables.keys()
    columns = {each["name"]: each for each in tables["families_guardianship"]["columns"]}
    assert columns["participant_id"]["refers_to"] == "families_participant"
    assert tables["families_guardianship"]["key"] == ["id"]
    assert all(column["purpose"]["fr"] and column["class"] for table in tables.values() for column in table["columns"])


def test_a_spreadsheet_and_a_program_read_the_same(organisation: Organisation, tmp_path: Path) -> None:
    a_family('=1+1; « deux » "lignes"\nici')

    leaving.exported(organisation, tmp_path / "out")

    raw = (tmp_path / "out" / "tables" / "families_household.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") >= 2
    [row] = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    [line] = leaving.lines(tmp_path / "out" / "tables" / "families_household.jsonl")
    assert json.loads(row["answers"]) == line["answers"]
    [person] = csv.DictReader((tmp_path / "out" / "tables" / "families_participant.csv").open(encoding="utf-8-sig"))
    assert person["used_name"] == 'Adèle=1+1; « deux » "lignes"\nici'


def test_nothing_of_the_twin_is_in_it(organisation: Organisation, organisation_b: Organisation, tmp_path: Path) -> None:
    with in_organisation(organisation_b):
        an_organisation_profile(contact_email="aide@example.org")
        a_family("PERROQUET")
        default_storage.save("offerings/perroquet.webp", ContentFile(b"PERROQUET"))

    leaving.exported(organisation, tmp_path / "out")

    told = [
        path
        for path, content in leaving.every_byte(tmp_path / "out")
        if b"PERROQUET" in content or organisation_b.schema_name.encode() in content
    ]
    assert told == []


def test_what_is_written_meanwhile_is_not_in_it(organisation: Organisation) -> None:
    with rows.one_moment(organisation) as own:
        a_family("ZEBRE")
        with own.cursor() as cursor:
            [table] = [
                each
                for each in catalog.own_tables(cursor, organisation.schema_name)
                if each.name == "families_guardian"
            ]
        assert rows.count(own, table, organisation) == 0


def test_it_reads_with_the_organisations_role_and_writes_nothing(organisation: Organisation) -> None:
    with rows.one_moment(organisation) as own, own.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('transaction_read_only')")
        assert cursor.fetchone() == (organisation.schema_name, "on")


def test_the_command_writes_a_folder_or_a_zip(organisation: Organisation, tmp_path: Path) -> None:
    family = a_family("ZEBRE")
    said = io.StringIO()

    with in_registry():
        call_command("organisations", "export", "a", "--to", str(tmp_path / "a.zip"), "--json", stdout=said)

    out = leaving.unzipped(tmp_path / "a.zip", tmp_path / "unzipped")
    assert json.loads(said.getvalue())["rows"]["tables/families_guardian"] == 1
    [guardian] = leaving.lines(out / "tables" / "families_guardian.jsonl")
    assert guardian["id"] == str(family.guardian.pk)
    assert oct((tmp_path / "a.zip").stat().st_mode & 0o777) == "0o600"
    assert list(tmp_path.glob(".*.part")) == []


def test_a_folder_that_was_there_is_closed_to_others(organisation: Organisation, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)

    with in_registry():
        call_command("organisations", "export", "a", "--to", str(there), stdout=io.StringIO())

    assert oct(there.stat().st_mode & 0o777) == "0o700"


def test_the_command_says_where_it_cannot_write(organisation: Organisation, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"), in_registry():
        call_command("organisations", "export", "a", "--to", str(tmp_path / "nowhere" / "a.zip"))
