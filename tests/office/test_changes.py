"""« Fiches modifiées »: what changed in the records, for those who care for the children."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Participant
from tenant_apps.forms import answers, operations, records
from tenant_apps.forms.models import FormVersion, Purpose
from tenant_apps.forms.signatures import Signature
from tenant_apps.organisation.models import Role
from tests.factories.families import a_child
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn
from tests.portal.people import words

PAGE = "/gestion/fiches-modifiees"
HEALTH = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER]
QUESTIONS: list[dict[str, Any]] = [
    {"key": "allergies", "kind": "boolean", "class": "health", "label": "Allergies", "details_label": "Lesquelles"},
    {"key": "diet", "kind": "text", "class": "health", "label": "Régime"},
    {"key": "swims", "kind": "yes_no", "label": "Sait nager"},
]


@pytest.fixture
def record() -> FormVersion:
    definition = {"sections": [{"title": "Santé", "questions": QUESTIONS}]}
    return operations.publish_version(
        form_key="sante", title="Fiche santé", purpose=Purpose.RECORD, definition=definition
    )


def signed(record: FormVersion, child: Participant, **told: Any) -> None:
    records.sign(
        version_id=record.id,
        participant_id=child.id,
        signer_id=child.guardianships.get().guardian.id,
        answers=answers.sorted_out(record, told),
        signature=Signature("Marie Lapointe"),
        actor=SYSTEM,
        at=clock.now(),
    )


def changed(record: FormVersion, name: str = "Ada", **columns: Any) -> Participant:
    child = a_child(name, **columns)
    signed(record, child, allergies=False, diet="Végétarien", swims="yes")
    signed(record, child, allergies=True, allergies_details="Arachides", diet="", swims="yes")
    return child


def test_what_changed_is_told_with_its_new_answer_and_nothing_else(as_staff: SignIn, record: FormVersion) -> None:
    changed(record)

    page = words(as_staff(Role.OWNER).get(PAGE))

    assert "Lapointe Ada" in page
    assert "Arachides" in page
    assert "Régime : plus de réponse" in page
    assert "Sait nager" not in page


def test_what_is_new_since_the_last_visit_is_marked_and_the_reading_is_kept(
    as_staff: SignIn, record: FormVersion
) -> None:
    child = changed(record)
    owner = as_staff(Role.OWNER)

    assert [each.is_new for each in owner.get(PAGE).context["changes"]] == [True]
    assert [each.is_new for each in owner.get(PAGE).context["changes"]] == [False]
    changed(record, "Bo")
    assert [each.is_new for each in owner.get(PAGE).context["changes"]] == [True, False]
    first = Entry.objects.filter(action="health.read").order_by("at")[0]
    assert first.details == {"children": [str(child.id)], "reason": "changes", "role": "owner"}


def test_it_is_for_those_who_care_for_the_children_of_their_own_schools(as_staff: SignIn, record: FormVersion) -> None:
    ours, theirs = an_establishment(), an_establishment()
    changed(record, establishment=ours)

    assert [role for role in Role if as_staff(role, ours).get(PAGE).status_code == 200] == HEALTH
    for role in (Role.SECRETARY, Role.GROUP_LEADER):
        assert "Arachides" in words(as_staff(role, ours).get(PAGE))
        assert "Lapointe" not in words(as_staff(role, theirs).get(PAGE))


def test_three_changes_are_read_with_as_many_queries_as_one(as_staff: SignIn, record: FormVersion) -> None:
    owner = as_staff(Role.OWNER)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(PAGE)
        return len([query for query in queries if "set_config" not in query["sql"]])

    changed(record)
    count()
    one = count()
    for name in ("Bo", "Chloé"):
        changed(record, name)

    assert count() == one
