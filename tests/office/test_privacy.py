"""« Protection des données », in the workplace."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.vault import keys
from shared_apps.vault.models import DataKey
from shared_apps.vault.sealing import key_number, seal
from tenant_apps.families.models import Participant
from tenant_apps.organisation.models import Role
from tenant_apps.privacy import readings, retention
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/protection"
PAGES = ["", "/registre", "/conservation", "/cles"]


def read(*children: Participant, by: str = "Louise Roy", at: object = NOON, reason: str = "group") -> None:
    readings.record(
        actor=Actor(kind="staff", user_id=UUID(int=1), label=by),
        role="secretary",
        subject="offering",
        subject_id=None,
        participant_ids=[child.id for child in children],
        reason=reason,
        at=at,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", PAGES)
def test_it_is_for_those_who_answer_for_the_protection_of_data(as_staff: SignIn, role: str, path: str) -> None:
    is_for_them = role in (Role.OWNER, Role.ADMINISTRATOR, Role.AUDITOR)

    assert as_staff(role).get(HERE + path).status_code == (200 if is_for_them else 403)


def test_each_reading_is_listed_with_who_whom_and_why(as_staff: SignIn) -> None:
    family = a_guardian()
    read(a_child("Ada", of=family), a_child("Bo", of=family))
    read(a_child("Zoé", of=family), by="Jean Côté", at=NOON + timedelta(hours=1), reason="Appel de l’infirmière")
    page = words(as_staff(Role.AUDITOR).get(HERE))

    assert "Louise Roy Secrétariat d’établissement Lapointe Ada, Lapointe Bo Liste d’un groupe" in page
    assert "Jean Côté Secrétariat d’établissement Lapointe Zoé Appel de l’infirmière" in page
    assert page.index("Jean Côté") < page.index("Louise Roy")
    assert "2 consultations" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reader=jean", ["Jean"]),
        ("child=zoe+lapointe", ["Jean"]),
        ("child=personne", []),
        ("from_on=2026-09-17", ["Jean"]),
        ("until_on=2026-09-16", ["Louise"]),
        ("from_on=nonsense", ["Jean", "Louise"]),
        ("child=lapointe&reader=roy", ["Louise"]),
    ],
)
def test_it_is_narrowed_by_reader_child_and_day(as_staff: SignIn, query: str, found: list[str]) -> None:
    family = a_guardian()
    read(a_child("Ada", of=family))
    read(a_child("Zoé", of=family), by="Jean Côté", at=NOON + timedelta(days=1))
    page = words(as_staff(Role.OWNER).get(f"{HERE}?{query}"))

    assert [name for name in ("Jean", "Louise") if f"{name} " in page.partition("consultation")[2]] == found


def test_a_page_asks_as_many_questions_for_three_as_for_one(as_staff: SignIn) -> None:
    owner = as_staff(Role.OWNER)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(HERE)
        return len(queries)

    read(a_child("Ada"))
    owner.get(HERE)
    one = count()
    for name in ("Bo", "Cy"):
        read(a_child(name), a_child(name, last_name="Roy"))

    assert count() == one


def test_the_register_merges_the_tables_and_the_questions(as_staff: SignIn) -> None:
    a_form({"key": "allergies", "label": "Allergies", "class": "health"}, {"key": "shirt", "label": "Chandail"})
    page = words(as_staff(Role.ADMINISTRATOR).get(f"{HERE}/registre"))

    assert "Veiller à sa santé pendant l’activité Santé 30 jours après l’activité" in page
    assert "Allergies Formulaire Santé" in page
    assert "Chandail Formulaire Personnel" in page


def test_terms_what_is_due_and_the_last_purges_are_said(as_staff: SignIn) -> None:
    Entry.objects.create(
        at=NOON, actor_kind="system", action=retention.PURGED, subject="retention", details={"health": 12, "gone": 1}
    )
    page = words(as_staff(Role.AUDITOR).get(f"{HERE}/conservation"))

    assert "Santé 30 jours après l’activité" in page
    assert "Réponses sur la santé, par personne – 12" in page
    assert "gone – 1" in page
    assert "Messages envoyés 0" in page


def a_sealed_child() -> Participant:
    keys.forget()
    child = a_child()
    child.sealed = seal({"a": "b"}, place="families.Participant.sealed", row_id=child.id)
    child.save()
    return child


def test_only_the_owner_changes_the_key(as_staff: SignIn) -> None:
    child = a_sealed_child()
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert as_staff(role).post(f"{HERE}/cles/changer").status_code == 403
        assert "Changer la clé" not in words(as_staff(role).get(f"{HERE}/cles"))
    assert DataKey.objects.count() == 1
    owner = as_staff(Role.OWNER)
    assert owner.get(f"{HERE}/cles/changer").status_code == 405

    page = words(owner.post(f"{HERE}/cles/changer", follow=True))

    assert "Une nouvelle clé sert dès maintenant." in page
    assert "Un changement de clé est en cours." in page
    assert list(DataKey.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Entry.objects.get(action="keys.rotated").actor_kind == "staff"
    child.refresh_from_db()
    assert child.sealed is not None
    assert key_number(child.sealed) == 1


def test_before_anything_is_sealed_there_is_no_key_to_change(as_staff: SignIn) -> None:
    page = words(as_staff(Role.OWNER).get(f"{HERE}/cles"))

    assert "Rien n’est encore chiffré" in page
    assert DataKey.objects.count() == 0
