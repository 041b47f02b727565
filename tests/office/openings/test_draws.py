"""The draw in the workplace: what it will do, done once, and what came of it."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.office.scope import CHANGES
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.organisation.models import Role
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


def test_it_says_what_it_will_do_does_it_once_and_says_what_came_of_it(as_staff: SignIn) -> None:
    opening, client = begun(mode=Mode.LOTTERY), as_staff(Role.OWNER)
    option = a_camp(opening).options.get()
    Places.objects.filter(pk=option.pk).update(capacity=2)
    wished(opening, option, 3)
    address = url("opening_draw", opening.pk)

    before = client.get(address)
    opening.refresh_from_db()
    asked = (opening.drawn_at, "3 familles ont dit leurs souhaits." in words(before))
    first = words(client.post(address, follow=True))
    second = words(client.post(address, follow=True))

    after = client.get(address)
    opening.refresh_from_db()
    assert asked == (None, True) and opening.drawn_at is not None
    assert "2 souhaits sont exaucés" in first and "2 souhaits sont exaucés" not in second
    assert (after.context["figures"].had, after.context["figures"].waiting) == ({1: 2}, 1)
    [line] = after.context["board"].lines
    assert (line.held, line.waiting, line.places.left) == (2, 1, 0)
    assert len(after.context["digest"]) == 64


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
