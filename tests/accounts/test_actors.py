"""The trail names people by what they were let in for."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shared_apps.accounts.access import View, actor_of, public, signed_in, staff
from shared_apps.accounts.models import User
from shared_apps.audit.actors import GUEST, Actor
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member

pytestmark = pytest.mark.usefixtures("organisation_a")


def actor_in(view: View, user: User | AnonymousUser) -> Actor:
    client = HostClient("a.localhost")
    if isinstance(user, User):
        client.force_login(user, second_factor=True)
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = user
    view(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def named(request: HttpRequest) -> HttpResponse:
    request.actor = actor_of(request)  # type: ignore[attr-defined]
    return HttpResponse()


def test_staff_act_as_staff_in_the_workplace_and_as_guardians_for_their_own() -> None:
    user = a_staff_member().user

    assert actor_in(staff()(named), user) == Actor(kind="staff", user_id=user.id, label=str(user))
    assert actor_in(signed_in(named), user) == Actor(kind="guardian", user_id=user.id, label=str(user))


def test_who_is_not_signed_in_is_a_guest() -> None:
    assert actor_in(public(named), AnonymousUser()) == GUEST
