"""The demonstration's file of students can be imported as it is, and finds the children who are known already."""

from pathlib import Path

import pytest
from pytest_django import Settings

from kernel import clock
from tenant_apps.demonstration import loading
from tenant_apps.families.models import Participant
from tenant_apps.imports import operations
from tenant_apps.imports.models import ImportRun, State
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.imports.files import an_importer, worked


@pytest.mark.django_db
def test_the_boards_students_wait_to_be_confirmed(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with in_registry():
        organisation: Organisation = loading.ensure("school_board_on")
    with in_organisation(organisation):
        loading.fill("school_board_on", at=clock.now())
        before = Participant.objects.count()

        run = worked(ImportRun.objects.get())
        assert (run.state, run.counts["changed"], run.counts["new"], run.errors) == (State.CHECKED, 2, 28, [])
        operations.confirm(run_id=run.id, skip_refused=False, actor=an_importer(), at=clock.now())
        worked(run)

        assert (run.state, Participant.objects.count()) == (State.DONE, before + 28)
        assert Participant.objects.get(external_id="LEV-0001").guardianships.count() == 2
