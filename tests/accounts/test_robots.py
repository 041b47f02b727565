"""A script is asked for work before its form is taken; a person does nothing (S1-06, S1-09)."""

import json
import re
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from shared_apps.accounts import robots
from shared_apps.accounts.models import User
from shared_apps.outbox.models import Message
from tenant_apps.registrations.models import Registration
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.organisation import an_organisation_profile
from tests.portal.people import CHILD, GUEST, a_camp, register_url
from tests.robots import proof, solved

PASSWORD = "une phrase de passe"
NEWCOMER = {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}
NOT_SHOWN = "pas pu vérifier que vous n’êtes pas un robot"


def sent(client: HostClient, path: str = "/inscription", **said: str) -> Any:
    """A form as a script sends it, with the fields that are named and nothing of a browser's own."""
    return Client.post(client, path, {**NEWCOMER, **said})


def shown_before(client: HostClient, seconds: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The signed moment of a form that was shown so long ago."""
    now = time.time()
    with monkeypatch.context() as moved:
        moved.setattr(time, "time", lambda: now - seconds)
        page = client.get("/inscription").content.decode()
    found = re.search(r'name="robot_shown" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.line("S1-06")
@pytest.mark.parametrize("path", ["/inscription", "/connexion/code", "/compte/mot-de-passe/oublie"])
def test_a_form_sent_by_a_script_is_refused_in_words(client: HostClient, path: str) -> None:
    assert "il n’y a rien à cocher" in client.get(path).content.decode()

    answer = sent(client, path)

    assert answer.status_code == 200
    assert NOT_SHOWN in answer.content.decode()
    assert 'value="ada@example.org"' in answer.content.decode()
    assert not User.objects.exists()
    assert not Message.objects.exists()


def test_the_work_that_a_browser_does_is_taken(client: HostClient) -> None:
    assert sent(client, **proof("a.localhost")).url.startswith("/compte/confirmer")


def test_an_answer_is_taken_once(client: HostClient) -> None:
    answer = proof("a.localhost")
    sent(client, **answer)

    again = sent(HostClient("a.localhost"), **answer, email="bo@example.org")

    assert NOT_SHOWN in again.content.decode()
    assert not User.objects.filter(email="bo@example.org").exists()


def test_a_mistyped_word_does_not_use_up_the_answer(client: HostClient) -> None:
    answer = proof("a.localhost")

    assert NOT_SHOWN not in sent(client, **answer, password2="another phrase").content.decode()
    assert sent(client, **answer).url.startswith("/compte/confirmer")


def test_the_answer_to_another_organisation_is_refused(client: HostClient, organisation_b: Organisation) -> None:
    assert NOT_SHOWN in sent(client, **proof("b.localhost")).content.decode()
    with in_organisation(organisation_b):
        assert not User.objects.exists()


def test_an_answer_that_is_too_old_is_refused(client: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with monkeypatch.context() as moved:
        moved.setattr(time, "time", lambda: now - 4 * 3600 - 1)
        old = proof("a.localhost")

    assert NOT_SHOWN in sent(client, **old).content.decode()


def easier(told: dict[str, Any]) -> dict[str, Any]:
    told["challenge"]["parameters"]["keyPrefix"] = ""
    return told


def guessed(told: dict[str, Any]) -> dict[str, Any]:
    told["solution"]["counter"] += 1
    return told


@pytest.mark.parametrize("forged", [easier, guessed])
def test_an_answer_that_was_not_worked_for_is_refused(client: HostClient, forged: Any) -> None:
    import base64

    told = json.loads(base64.b64decode(proof("a.localhost")["robot_proof"]))
    bad = base64.b64encode(json.dumps(forged(told)).encode()).decode()

    assert NOT_SHOWN in sent(client, robot_proof=bad).content.decode()


@pytest.mark.parametrize("nonsense", ["x", "é", "e30=", "bnVsbA==", "WzFd", "A" * 5000, "eyJjaGFsbGVuZ2UiOiAxfQ=="])
def test_nonsense_is_refused_like_any_other(client: HostClient, nonsense: str) -> None:
    assert NOT_SHOWN in sent(client, robot_proof=nonsense).content.decode()


def test_the_field_that_people_do_not_see_gives_a_script_away(client: HostClient) -> None:
    assert NOT_SHOWN in sent(client, **proof("a.localhost"), robot_note="buy now").content.decode()


def test_without_javascript_a_person_who_takes_a_moment_registers(
    client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(client, robot_shown=shown_before(client, 6, monkeypatch)).url.startswith("/compte/confirmer")


def test_without_javascript_a_form_sent_at_once_says_to_wait_and_goes_through_a_moment_later(
    client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shown_before(client, 0, monkeypatch)

    early = sent(client, robot_shown=shown).content.decode()

    assert "attendez quelques secondes" in early
    # The same moment is shown again: who sends it a second time need not wait anew.
    assert f'value="{shown}"' in early
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 6)
    assert sent(client, robot_shown=shown).url.startswith("/compte/confirmer")


def test_without_javascript_a_form_is_taken_once(client: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_before(client, 6, monkeypatch)
    sent(client, robot_shown=shown)

    again = sent(HostClient("a.localhost"), robot_shown=shown, email="bo@example.org").content.decode()

    assert NOT_SHOWN in again


def test_without_javascript_few_forms_are_taken_from_one_address(
    client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for number in range(11):
        visitor = HostClient("a.localhost")
        shown = shown_before(visitor, 6, monkeypatch)
        # A form that sends nothing by itself: other limits do not come in between.
        answers.append(sent(visitor, "/compte/mot-de-passe/oublie", robot_shown=shown, email=f"p{number}@example.org"))

    assert [answer.status_code for answer in answers] == [302] * 10 + [200]
    assert "Trop de formulaires sont venus de votre réseau." in answers[-1].content.decode()


def test_an_answer_is_taken_once_while_redis_is_gone(client: HostClient, settings: LazySettings) -> None:
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    answer = proof("a.localhost")
    sent(client, **answer)

    assert NOT_SHOWN in sent(HostClient("a.localhost"), **answer, email="bo@example.org").content.decode()


@pytest.mark.line("S1-09")
def test_a_guest_is_asked_too_and_keeps_what_was_typed(client: HostClient) -> None:
    an_organisation_profile()
    camp = a_camp(accepts_guests=True)
    week = an_option(offering=camp)
    path = register_url(camp)
    client.get(f"{path}?sans-compte=1")
    said = {**CHILD, **GUEST, "choix-options": str(week.id)}

    page = Client.post(client, path, said).content.decode()
    assert NOT_SHOWN in page
    assert 'value="anne@famille.example"' in page
    assert not Registration.objects.exists()

    client.post(path, said)
    assert Registration.objects.count() == 1


def test_a_challenge_is_made_anew_for_each_form(organisation_a: Organisation) -> None:
    assert (
        json.loads(robots.challenge())["parameters"]["nonce"] != json.loads(robots.challenge())["parameters"]["nonce"]
    )
    assert solved(robots.challenge()) != solved(robots.challenge())
