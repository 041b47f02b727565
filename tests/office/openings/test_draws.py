"""The draw in the workplace: what it will do, asked for once, and what came of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Event
from tenant_apps.catalog.models import Option
from tenant_apps.office.scope import CHANGES
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.organisation.models import Role, StaffMember
from tenant_apps.registrations.lottery import wishes
from tenant_apps.registrations.models import Places
from tests.factories.families import a_child, a_guardian
from tests.factories.registrations import a_claim
from tests.office.conftest import SignIn
from tests.office.editor.pages import url
from tests.office.openings.rows import a_camp, begun, in_a_month
from tests.portal.people import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Settings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def wished(opening: Opening, option: Option, count: int) -> None:
    """One family after the other, an hour before wishes close."""
    for _family in range(count):
        guardian = a_guardian()
        wishes.say(
            opening_id=opening.pk,
            guardian_id=guardian.pk,
            group=None,
            choices=[[a_claim(a_child(of=guardian), option)]],
            actor=SYSTEM,
            at=opening.opens_at - timedelta(hours=1),
        )


def test_it_says_what_it_will_do_is_asked_once_and_says_what_came_of_it(as_staff: SignIn) -> None:
    opening, client = begun(mode=Mode.LOTTERY), as_staff(Role.OWNER)
    option = a_camp(opening).options.get()
    Places.objects.filter(pk=option.pk).update(capacity=2)
    wished(opening, option, 3)
    address = url("opening_draw", opening.pk)

    before = words(client.get(address))
    client.post(address)
    client.post(address)
    meanwhile = client.get(address)
    opening.refresh_from_db()
    asked = (opening.drawn_at, Event.objects.filter(kind="openings.draw_asked").count())
    delivery.handle_events(at=clock.now())

    after = client.get(address)
    opening.refresh_from_db()
    assert "3 familles ont dit leurs souhaits." in before
    assert asked == (None, 1) and opening.drawn_at is not None
    assert "Le tirage est en cours" in words(meanwhile) and 'hx-trigger="every 2s"' in meanwhile.content.decode()
    assert "Résultats du tirage" in words(after) and "hx-trigger" not in after.content.decode()
    assert (after.context["figures"].had, after.context["figures"].waiting) == ({1: 2}, 1)
    told = words(after)
    for figure in ("Familles 3", "Souhaits 3", "Souhaits exaucés : choix nº 1 2", "Souhaits en liste d’attente 1"):
        assert figure in told
    [line] = after.context["board"].lines
    assert (line.held, line.waiting, line.places.left) == (2, 1, 0)
    assert len(after.context["digest"]) == 64
    assert Entry.objects.get(action="opening.draw_asked").actor_id == StaffMember.objects.get().user_id


def test_while_it_is_drawn_nothing_of_it_is_changed(as_staff: SignIn) -> None:
    opening, client = begun(mode=Mode.LOTTERY), as_staff(Role.OWNER)
    client.post(url("opening_draw", opening.pk))

    page = words(client.get(url("opening", opening.pk)))
    group = client.post(url("opening_group_add", opening.pk), {"name": "Résidents"})

    assert "Le tirage est en cours. Suivre le tirage" in page and "Ajouter un groupe prioritaire" not in page
    assert group.status_code == 404


def test_a_draw_that_failed_says_so_and_is_asked_again(as_staff: SignIn, settings: Settings, tmp_path: Path) -> None:
    opening, client = begun(mode=Mode.LOTTERY), as_staff(Role.OWNER)
    wished(opening, a_camp(opening).options.get(), 1)
    address = url("opening_draw", opening.pk)
    # Where files are kept, nothing can be written.
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("")
    client.post(address)
    delivery.handle_events(at=clock.now())

    failed = words(client.get(address))
    told = words(client.get(url("opening", opening.pk)))
    settings.MEDIA_ROOT = tmp_path
    client.post(address)
    delivery.handle_events(at=clock.now())

    assert "Le tirage n’a pas abouti" in failed and "Rien n’a été tiré" in failed
    assert "il est à relancer" in told and "Tirage non abouti" in told
    assert "Résultats du tirage" in words(client.get(address))


def test_before_its_time_nothing_is_drawn(as_staff: SignIn) -> None:
    opening, client = in_a_month(mode=Mode.LOTTERY), as_staff(Role.OWNER)

    page = words(client.get(url("opening_draw", opening.pk)))
    client.post(url("opening_draw", opening.pk))

    opening.refresh_from_db()
    assert "le tirage se fait après" in page and opening.drawn_at is None


@pytest.mark.parametrize("role", list(Role))
def test_who_draws(as_staff: SignIn, role: str) -> None:
    opening = begun(mode=Mode.LOTTERY)
    assert as_staff(role).get(url("opening_draw", opening.pk)).status_code == (200 if role in CHANGES else 403)


def test_a_queue_has_no_draw_of_places(as_staff: SignIn) -> None:
    assert as_staff(Role.OWNER).get(url("opening_draw", begun().pk)).status_code == 404
