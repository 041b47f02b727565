"""Somebody opens the space of their organisation by themselves: the pages, the code, what the platform’s rule does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from billing import plans
from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenant_apps.organisation.operations import describe
from tenant_apps.organisation.queries import profile
from tenants.context import in_organisation, in_registry
from tenants.models import Arrivals, Organisation, SignUp, SignUpState, State
from tenants.operations.provision import provision
from tests.clients import HostClient
from tests.console import arrivals
from tests.factories.organisation import a_user


@pytest.fixture(autouse=True)
def _sold(operations: Organisation) -> None:
    plans.sync()


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("address", ["/", "/prix", "/ouvrir", "/conditions", "/accessibilite", "/confidentialite"])
def test_each_page_says_on_what_terms_and_to_whom_to_write(visitor: HostClient, address: str) -> None:
    describe(contact_email="bonjour@preau.example")

    shown = words(visitor.get(address)).partition("<footer")[2]

    assert re.findall(r'href="([^"]+)"', shown) == [
        "mailto:bonjour@preau.example",
        "/conditions",
        "/accessibilite",
        "/confidentialite",
    ]


def test_who_is_proved_waits_for_an_operator_and_both_are_told(visitor: HostClient) -> None:
    a_user("op@example.org")

    asked = arrivals.ask(visitor)
    followed = arrivals.confirm(visitor, asked)

    assert followed.url.startswith("/ouvrir/demande/")
    assert "Votre demande est envoyée" in words(visitor.get(followed.url))
    assert arrivals.latest().state == SignUpState.WAITING
    assert list(Message.objects.order_by("created_at").values_list("recipient", "subject")) == [
        ("ada@val-clair.example", "Votre code de vérification"),
        ("ada@val-clair.example", "Votre demande est envoyée"),
        ("op@example.org", "Une organisation demande à ouvrir son espace"),
    ]
    assert [entry.action for entry in Entry.objects.order_by("at")] == ["sign_ups.asked", "sign_ups.confirmed"]


def test_what_breaks_a_line_or_turns_it_round_is_left_out_of_names(visitor: HostClient) -> None:
    asked = arrivals.ask(
        visitor,
        name="Commune\u202e de\r\nVal-Clair",
        first_name="Ada\r\nBcc: autre@x.example",
        last_name="No\u2066ël",
        phone="\r\n081 00 00 00",
    )

    assert (asked.name, asked.owner_first_name, asked.owner_last_name, asked.owner_phone) == (
        "Commune de Val-Clair",
        "Ada Bcc: autre@x.example",
        "Noël",
        "081 00 00 00",
    )


def test_where_arrivals_are_open_the_space_is_prepared_at_once(visitor: HostClient) -> None:
    arrivals.rule(Arrivals.OPEN)

    asked = arrivals.arrived(visitor)
    organisation = asked.organisation

    assert organisation is not None
    assert (asked.state, organisation.state, organisation.live_at) == (SignUpState.APPROVED, State.PROVISIONING, None)
    assert (organisation.slug, organisation.preset, organisation.currency, organisation.language) == (
        "val-clair",
        "commune_be",
        "eur",
        "fr",
    )


def test_its_first_owner_is_invited_in_the_languages_and_on_the_plan_that_were_chosen(visitor: HostClient) -> None:
    arrivals.rule(Arrivals.OPEN)
    made = arrivals.arrived(visitor, language="nl", languages=["fr", "en"], plan="standard").organisation
    assert made is not None

    with in_organisation(provision(organisation_id=made.pk)):
        owner = StaffMember.objects.select_related("user").get()
        assert (owner.role, owner.state, owner.user.email) == (
            Role.OWNER,
            MemberState.INVITED,
            "ada@val-clair.example",
        )
        assert (owner.user.first_name, owner.user.last_name, owner.user.language) == ("Ada", "Noël", "nl")
        assert profile().languages == ["nl", "fr", "en"]
        assert profile().name == "Commune de Val-Clair"
    with in_registry():
        assert Organisation.objects.get(pk=made.pk).subscription.plan_id == "standard"


def test_the_browser_that_asked_is_shown_into_the_space_and_no_other(visitor: HostClient) -> None:
    arrivals.rule(Arrivals.OPEN)
    asked = arrivals.ask(visitor)
    page = arrivals.confirm(visitor, asked).url
    made = arrivals.latest().organisation
    assert made is not None
    provision(organisation_id=made.pk)

    here, elsewhere = visitor.get(page), HostClient("localhost").get(page)

    assert here.context["way_in"].invitation.startswith("http://val-clair.localhost:")
    assert "Entrer dans mon espace" in words(here)
    assert elsewhere.context["way_in"].invitation == ""
    assert "Entrer dans mon espace" not in words(elsewhere)


def test_what_was_said_is_there_again_on_every_page(visitor: HostClient) -> None:
    page = arrivals.answer(visitor, name="Commune d’<b>Ici</b>")

    assert "Commune d’&lt;b&gt;Ici&lt;/b&gt;" in words(page)
    assert "<b>Ici" not in words(page)
    assert visitor.get("/ouvrir").context["form"]["name"].value() == "Commune d’<b>Ici</b>"
    assert visitor.get("/ouvrir/adresse").context["form"]["slug"].value() == "val-clair"
    assert visitor.get("/ouvrir/personne").context["form"]["email"].value() == "ada@val-clair.example"
    assert visitor.post("/ouvrir/personne", arrivals.OWNER | {"first_name": "Eve"}).url == "/ouvrir/verification"
    assert "Eve Noël" in words(visitor.get("/ouvrir/verification"))


def test_a_page_that_was_skipped_is_asked_first(visitor: HostClient) -> None:
    assert visitor.get("/ouvrir/verification").url == "/ouvrir"
    assert visitor.get("/ouvrir/personne").url == "/ouvrir"
    visitor.post("/ouvrir", arrivals.ORGANISATION)
    assert visitor.get("/ouvrir/verification").url == "/ouvrir/adresse"


def test_an_address_is_proposed_from_the_name(visitor: HostClient) -> None:
    visitor.post("/ouvrir", arrivals.ORGANISATION | {"name": "Ville de L’Île-Perrot"})

    page = visitor.get("/ouvrir/adresse")

    assert page.context["form"]["slug"].value() == "ile-perrot"
    assert page.context["proposals"] == ["ile-perrot", "ville-ile-perrot", "ville-ile-perrot-2"]


def test_whether_an_address_is_free_is_said_as_it_is_typed(visitor: HostClient) -> None:
    assert "val-clair.localhost" in words(visitor.get("/ouvrir/adresse/libre?slug=Val-Clair"))
    assert "déjà prise" in words(visitor.get("/ouvrir/adresse/libre?slug=a"))
    assert "réservée" in words(visitor.get("/ouvrir/adresse/libre?slug=www"))


@pytest.mark.parametrize(
    ("path", "changed", "field"),
    [
        ("", {"name": ""}, "name"),
        ("", {"name": " \n "}, "name"),
        ("", {"name": "\x00"}, "name"),
        ("", {"name": "x" * 201}, "name"),
        ("", {"kind": "../../etc/passwd"}, "kind"),
        ("", {"kind": ""}, "kind"),
        ("", {"language": "xx"}, "language"),
        ("", {"kind": "city_qc", "language": "nl", "languages": []}, "language"),
        ("", {"kind": "city_qc", "languages": ["nl"]}, "languages"),
        ("/adresse", {"slug": ""}, "slug"),
        ("/adresse", {"slug": "a"}, "slug"),
        ("/adresse", {"slug": "www"}, "slug"),
        ("/adresse", {"slug": "WWW"}, "slug"),
        ("/adresse", {"slug": "xn--bcher-kva"}, "slug"),
        ("/adresse", {"slug": "a.b"}, "slug"),
        ("/adresse", {"slug": "-ici"}, "slug"),
        ("/adresse", {"slug": "é"}, "slug"),
        ("/adresse", {"slug": "x" * 41}, "slug"),
        ("/personne", {"first_name": ""}, "first_name"),
        ("/personne", {"last_name": "x" * 101}, "last_name"),
        ("/personne", {"email": "nobody"}, "email"),
        ("/personne", {"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ("/personne", {"phone": "0" * 41}, "phone"),
        ("/offre", {"plan": "free-for-ever"}, "plan"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(
    visitor: HostClient, path: str, changed: dict[str, Any], field: str
) -> None:
    visitor.post("/ouvrir", arrivals.ORGANISATION)
    said = {"": arrivals.ORGANISATION, "/adresse": arrivals.ADDRESS, "/personne": arrivals.OWNER}.get(path, {})

    answer = visitor.post(f"/ouvrir{path}", said | changed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_conditions_are_accepted_before_anything_is_sent(visitor: HostClient) -> None:
    arrivals.answer(visitor)

    answer = visitor.post("/ouvrir/verification", {})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["accepted"])
    assert not Message.objects.exists()
    with in_registry():
        assert not SignUp.objects.exists()


def test_a_robot_is_not_taken_for_a_person(visitor: HostClient) -> None:
    arrivals.answer(visitor)

    answer = visitor.post("/ouvrir/verification", {"accepted": "on", "robot_proof": ""})

    assert answer.status_code == 422
    with in_registry():
        assert not SignUp.objects.exists()


def test_nothing_that_was_typed_is_in_the_mail_to_an_unproved_address(visitor: HostClient) -> None:
    arrivals.ask(visitor, name="Gagnez https://spam.example", first_name="Cliquez")

    mail = Message.objects.get()

    assert "spam" not in mail.text + mail.html + mail.subject + mail.sender_name
    assert "Cliquez" not in mail.text + mail.html


def test_closed_the_pages_say_so_and_whom_to_write_to(operator: HostClient, visitor: HostClient) -> None:
    arrivals.answer(visitor)
    operator.post("/console/reglages", {"arrivals": "closed", "contact_email": "bonjour@example.org"})

    for path in ("/ouvrir", "/ouvrir/adresse", "/ouvrir/verification"):
        page = words(HostClient("localhost").get(path))
        assert "Nous n’accueillons pas de nouvelle organisation" in page
        assert "bonjour@example.org" in page
    assert "Nous n’accueillons pas" in words(visitor.post("/ouvrir/verification", {"accepted": "on"}))
    with in_registry():
        assert not SignUp.objects.exists()


def test_closed_between_the_code_and_the_answer_nothing_is_lost(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)
    arrivals.rule(Arrivals.CLOSED)

    page = visitor.get(arrivals.confirm(visitor, asked).url)

    assert "Les nouvelles organisations ne sont pas accueillies en ce moment." in words(page)
    arrivals.rule(Arrivals.APPROVAL)
    visitor.post(page.request["PATH_INFO"], {"slug": "val-clair"})
    assert arrivals.latest().state == SignUpState.WAITING


@override_settings(REGION_COUNTRIES=["CA"], REGIONS={"BE": "https://preau.eu"})
def test_a_country_kept_elsewhere_is_sent_there(visitor: HostClient) -> None:
    answer = visitor.post("/ouvrir", arrivals.ORGANISATION)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["kind"]
    assert 'href="https://preau.eu"' in words(answer)
    assert visitor.post("/ouvrir", arrivals.ORGANISATION | {"kind": "city_qc", "languages": []}).status_code == 302


def test_where_nothing_is_sold_there_is_no_plan_to_choose(visitor: HostClient) -> None:
    from billing.models import Plan

    with in_registry():
        Plan.objects.update(is_offered=False)
    visitor.post("/ouvrir", arrivals.ORGANISATION)
    visitor.post("/ouvrir/adresse", arrivals.ADDRESS)

    assert visitor.post("/ouvrir/personne", arrivals.OWNER).url == "/ouvrir/verification"
    assert visitor.get("/ouvrir/offre").url == "/ouvrir"


def test_one_person_does_not_take_every_address(visitor: HostClient) -> None:
    for slug in ("val-un", "val-deux", "val-trois"):
        arrivals.arrived(visitor, slug=slug)

    asked = arrivals.ask(HostClient("localhost"), slug="val-quatre")
    arrivals_page = _proved_elsewhere(asked)

    assert "Plusieurs demandes sont déjà à votre nom." in arrivals_page
    assert arrivals.latest().state == SignUpState.UNCONFIRMED


def _proved_elsewhere(asked: SignUp) -> str:
    browser = HostClient("localhost")
    session = browser.session
    session["sign_up_asked"] = str(asked.pk)
    session.save()
    return words(browser.get(arrivals.confirm(browser, asked).url))


def test_the_page_of_a_request_is_opened_by_its_address_alone_and_by_no_other(visitor: HostClient) -> None:
    page = arrivals.confirm(visitor, arrivals.ask(visitor)).url

    assert "Votre demande est envoyée" in words(HostClient("localhost").get(page))
    assert HostClient("localhost").get(page[:-2] + "xx").status_code == 404
    assert HostClient("localhost").get("/ouvrir/demande/zzz").status_code == 404


def test_it_is_not_in_the_log() -> None:
    from django.conf import settings

    assert "/ouvrir/demande" in settings.LOGGING["secret_below"]


@pytest.mark.usefixtures("operations")
def test_what_nobody_proved_goes_after_a_day_and_names_after_ninety() -> None:
    from tenants.operations import sign_up

    def a_request(**columns: Any) -> SignUp:
        return SignUp.objects.create(
            **{"name": "X", "slug": "x", "preset": "city_qc", "language": "fr", "owner_email": "x@x.example", **columns}
        )

    now = clock.now()
    with in_registry():
        fresh = a_request(created_at=now - timedelta(hours=23))
        a_request(created_at=now - timedelta(hours=25))
        waiting = a_request(
            state=SignUpState.WAITING, created_at=now - timedelta(days=200), confirmed_at=now - timedelta(days=200)
        )
        ended = a_request(state=SignUpState.REFUSED, decided_at=now - timedelta(days=91), reason="Non, Ada")
        lately = a_request(state=SignUpState.REFUSED, decided_at=now - timedelta(days=89))

        sign_up.forget(at=now)

        kept = dict(SignUp.objects.values_list("pk", "owner_email"))
        assert kept == {fresh.pk: "x@x.example", waiting.pk: "x@x.example", ended.pk: "", lately.pk: "x@x.example"}
        assert SignUp.objects.get(pk=ended.pk).reason == ""


@pytest.mark.parametrize(
    ("plan", "fee"),
    [("essentiel", "0,8 % de chaque paiement des familles"), ("grand", "Rien sur les paiements des familles")],
)
def test_what_is_kept_of_payments_is_said_before_anything_is_accepted(visitor: HostClient, plan: str, fee: str) -> None:
    checked = arrivals.answer(visitor, plan=plan)

    assert fee in words(checked)
    assert fee in words(visitor.get("/ouvrir/offre"))
