"""The pages of an import: for the owner and the administrators, in steps, with every problem told."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from kernel import clock
from tenant_apps.families.models import Participant
from tenant_apps.imports import progress, running
from tenant_apps.imports.models import ImportRun, State
from tenant_apps.organisation.models import Establishment, Role
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile
from tests.imports.files import MILO, SARAH, a_table, begun, checked, imported
from tests.office.conftest import SignIn

WRONG = "s3,Roy,Zoé,2017-05-06,École inconnue,1re,,,"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture(autouse=True)
def school(profile: object, settings: Settings, tmp_path: Path) -> Establishment:
    settings.MEDIA_ROOT = tmp_path
    a_level("1re année", code="1re")
    a_level("2e année", code="2e")
    return an_establishment("École A", code="ecole-a")


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def send(client: HostClient, content: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("eleves.csv", content)
    return client.post(url("new_import"), {"layout": "simple", "file": file, **more})


def test_imports_are_for_those_who_run_the_organisation(as_staff: SignIn) -> None:
    run = checked(a_table(SARAH))
    pages = [
        url("imports"),
        url("new_import"),
        url("import_model"),
        url("import", run.pk),
        url("import_errors", run.pk),
    ]
    steps = [url(name, run.pk) for name in ("confirm_import", "decide_import", "cancel_import")]

    for role in Role:
        client, expected = as_staff(role), 200 if role in {Role.OWNER, Role.ADMINISTRATOR} else 403
        assert [client.get(page).status_code for page in pages] == [expected] * len(pages), role
        if expected == 403:
            assert [client.post(step).status_code for step in steps] == [403] * len(steps), role


def test_another_organisations_import_does_not_exist(owner: HostClient, organisation_b: Organisation) -> None:
    with in_organisation(organisation_b):
        an_organisation_profile()
        run = begun(a_table(SARAH))

    assert owner.get(url("import", run.pk)).status_code == 404
    assert owner.get(url("import_errors", run.pk)).status_code == 404
    assert [owner.post(url(f"{step}_import", run.pk)).status_code for step in ("confirm", "cancel", "decide")] == [
        404
    ] * 3


@pytest.mark.line("S3-42")
def test_a_file_is_checked_shown_and_then_imported(owner: HostClient) -> None:
    answer = send(owner, a_table(SARAH, MILO))
    run = ImportRun.objects.get()
    assert answer.url == url("import", run.pk)
    assert "Vérification du fichier" in owner.get(answer.url).content.decode()

    running.work(at=clock.now())
    page = owner.get(answer.url).content.decode()
    assert "Importer 2 élèves" in page
    assert "Lapointe Sarah" in page

    owner.post(url("confirm_import", run.pk))
    assert "Écriture des fiches" in owner.get(answer.url).content.decode()
    running.work(at=clock.now())

    assert "Les fiches sont à jour" in owner.get(answer.url).content.decode()
    assert Participant.objects.count() == 2


def test_progress_is_shown_while_it_is_written(owner: HostClient) -> None:
    run = checked(a_table(SARAH, MILO))
    owner.post(url("confirm_import", run.pk))
    progress.tell(run.id, 1)

    page = owner.get(url("import", run.pk), headers={"HX-Request": "true"}).content.decode()

    assert 'value="1" max="2"' in page
    assert "Lignes traitées\u202f: 1 sur 2" in page


def test_what_polls_is_sent_to_the_whole_page_at_the_end(owner: HostClient) -> None:
    run = imported(a_table(SARAH))

    answer = owner.get(url("import", run.pk), headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


def test_refused_rows_are_told_and_left_out_only_if_staff_say_so(owner: HostClient) -> None:
    run = checked(a_table(SARAH, WRONG))
    page = owner.get(url("import", run.pk)).content.decode()
    assert "«\u202fÉcole inconnue\u202f» n’est aucun de vos établissements." in page
    assert "Laisser de côté la ligne refusée" in page

    refused = owner.post(url("confirm_import", run.pk), follow=True)
    assert "Des lignes sont refusées" in refused.content.decode()
    owner.post(url("confirm_import", run.pk), {"skip_refused": "on"})
    running.work(at=clock.now())

    assert Participant.objects.get().first_name == "Sarah"


def test_all_problems_are_in_a_table_in_the_readers_language(owner: HostClient) -> None:
    run = checked(a_table(*[WRONG.replace("s3", f"s{number}") for number in range(150)]))

    answer = owner.get(url("import_errors", run.pk)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(answer), delimiter=";"))

    assert rows[0] == ["Fichier", "Ligne", "Colonne", "Problème"]
    assert rows[1] == [
        "eleves.csv",
        "2",
        "Établissement",
        "«\u202fÉcole inconnue\u202f» n’est aucun de vos établissements.",
    ]
    assert len(rows) == 151
    assert "Les 100 premiers problèmes" in owner.get(url("import", run.pk)).content.decode()


def test_a_file_that_cannot_be_read_says_what_to_do(owner: HostClient) -> None:
    run = checked(b"PK\x03\x04\x00", name="eleves.xlsx")

    page = owner.get(url("import", run.pk)).content.decode()

    assert "Ce fichier n’est pas un tableau CSV" in page
    assert "Importer un autre fichier" in page


def test_a_doubt_is_decided_on_the_page(owner: HostClient) -> None:
    known = a_child("Sarah", birth_date=None, establishment=an_establishment("École B"))
    Participant.objects.update(birth_date="2016-03-04")
    run = checked(a_table(SARAH))
    assert "C’est la fiche de Lapointe Sarah, 2016-03-04, École B" in owner.get(url("import", run.pk)).content.decode()

    nothing = owner.post(url("decide_import", run.pk), follow=True)
    assert "Choisissez au moins une réponse" in nothing.content.decode()
    owner.post(url("decide_import", run.pk), {"doubt-0": str(known.pk)})
    running.work(at=clock.now())
    run.refresh_from_db()

    assert (run.state, run.counts["changed"], run.doubts) == (State.CHECKED, 1, [])


def test_a_file_is_left(owner: HostClient) -> None:
    run = checked(a_table(SARAH))

    answer = owner.post(url("cancel_import", run.pk), follow=True)
    again = owner.post(url("cancel_import", run.pk), follow=True)

    assert "rien n’a été écrit" in answer.content.decode()
    assert "n’est plus à cette étape" in again.content.decode()


@pytest.mark.parametrize("posted", [{}, {"layout": "simple"}, {"layout": "excel", "file": ContentFile(b"x", "a.csv")}])
def test_a_form_that_is_not_filled_says_so_at_the_field(owner: HostClient, posted: dict[str, Any]) -> None:
    page = owner.post(url("new_import"), posted)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"layout", "file"} - set(posted) | (
        {"layout"} if "file" in posted else set()
    )


def test_a_file_that_is_too_big_is_refused_at_the_field(owner: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenant_apps.office.views.imports._MOST_MEGABYTES", 0)

    page = send(owner, a_table(SARAH))

    assert page.context["form"].errors == {"file": ["Ce fichier dépasse 100 Mo. Coupez-le en plusieurs."]}


def test_the_model_can_be_imported_as_it_is(owner: HostClient) -> None:
    model = owner.get(url("import_model")).content

    run = checked(model)

    assert (run.state, run.counts["new"], run.errors) == (State.CHECKED, 2, [])
    assert run.source == {"ignored": []}


def test_an_example_is_there_where_somebody_has_put_one(owner: HostClient, settings: Settings) -> None:
    from django.core.files.storage import default_storage

    from tenant_apps.imports.files import EXAMPLE

    assert owner.get(url("import_example")).status_code == 404
    default_storage.save(EXAMPLE, ContentFile(a_table(SARAH)))

    answer = owner.get(url("import_example"))

    assert b"".join(answer.streaming_content) == a_table(SARAH)
    assert "exemple à importer" in owner.get(url("new_import")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(owner: HostClient, count: int) -> None:
    for _ in range(count):
        begun(a_table(SARAH))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = owner.get(url("imports"))

    assert len(page.context["rows"]) == count
    assert len([query for query in asked if "imports_importrun" in query["sql"]]) == 2
