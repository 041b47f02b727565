"""An adult who is kept away from a child sees nothing of it, at any address of the families' pages."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver
from pypdf import PdfReader

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from shared_apps.vault import sealing
from tenant_apps.catalog.models import Option
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.changes.models import Kind as Change
from tenant_apps.entitlements.models import Kind
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import pick_up
from tenant_apps.forms import operations as forms
from tenant_apps.forms.models import Purpose, Submission, Upload
from tenant_apps.notifications import guest_links
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Receipt
from tenant_apps.registrations import waiting
from tenant_apps.registrations.models import PlaceRequest, Registration
from tenant_apps.slips.models import Slip
from tenant_apps.slips.operations import making
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.changes import ask, practice
from tests.factories.entitlements import a_request
from tests.factories.families import a_child
from tests.factories.forms import a_consent, a_form
from tests.factories.openings import a_wish, an_offering_of, an_opening
from tests.factories.queues import a_queue, a_turn
from tests.factories.registrations import a_basket, a_claim, a_hold
from tests.families.links import BORN, a_link, an_invitation
from tests.office.money import a_paid_order
from tests.portal.people import Parent, a_camp, a_parent, words
from tests.slips.world import ISSUER

WEEKS = ("Semaine du colibri", "Semaine du mainate", "Semaine de la sittelle", "Semaine du geai")
CANARIES = ("Canariole", "Zéphyrine", "Perroquet", "Toucan", *WEEKS, "Mésange")
PAGES_OF_THE_PORTAL = "tenant_apps.portal.urls"


class World:
    """A mother, a father and their child, with all that two parents leave behind them."""

    def __init__(self, mother: Parent) -> None:
        self.mother = mother
        self.father = a_parent(HostClient("a.localhost"))
        self.child = self._a_child()
        self.link = a_link(self.father.guardian, self.child)
        self.camp = a_camp(title="Camp", registration_form=None)
        self.order = self._paid(self._week("Semaine du colibri"))
        week = self._week("Semaine du mainate")
        self._attested()
        self.held = a_hold(week, basket=a_basket(self.father.guardian), child=self.child, at=clock.now())
        self.record = a_form({"key": "toy", "label": "Doudou"}, purpose=Purpose.RECORD, key="sante")
        self.consent = a_consent()
        self.submission = self._answered()
        self.upload = self._sent()
        self.invitation, self.code = an_invitation(self.father.guardian, self.child, at=clock.now())
        self.waiting = self._waits_for("Semaine de la sittelle")
        self.change = self._asks_to_change()
        soon = {"gathers_from": clock.now() - timedelta(days=1), "opens_at": clock.now() + timedelta(days=7)}
        self.opening = an_opening(**soon)
        self.wish = self._wishes_for("Semaine du geai")
        self.turn = a_turn(a_queue(name="File", **soon), self.father.guardian, at=clock.now())
        self.request = a_request(self.father.guardian, Kind.SUPPORT, participant=self.child, offering=self.camp)
        pick_up.add_person(
            guardian_id=self.father.guardian.id,
            participant_id=self.child.id,
            name="Mésange",
            phone="+18195550142",
            relation="voisine",
            actor=SYSTEM,
            at=clock.now(),
        )

    def _attested(self) -> None:
        """A tax slip of what the father paid for the child."""
        at, said = clock.now(), {"kind": "childcare", "actor": SYSTEM}
        self.camp.slips = {"kind": "childcare"}
        self.camp.save()
        self.order.payee.slips = {**ISSUER, "kinds": ["childcare"]}
        self.order.payee.save()
        for operation in (making.make, making.publish):
            operation(payee_id=self.order.payee_id, year=at.year, at=at, **said)
        assert Slip.objects.get().guardian == self.father.guardian

    def block(self) -> None:
        Guardianship.objects.filter(pk=self.link.pk).update(is_blocked=True)

    def arguments(self, name: str) -> list[str]:
        """What an address may be asked with."""
        return {
            "participant_id": [str(self.child.id)],
            "registration_id": [str(self.held.id), str(self.change.registration_id)],
            "request_id": [str(each.id) for each in (*LinkRequest.objects.all(), self.waiting)],
            "change_id": [str(self.change.id)],
            "opening_id": [str(self.opening.id), str(self.turn.opening_id)],
            "group": [str(self.wish.group)],
            "ticket_id": [str(self.turn.id)],
            "signed": [guest_links.to_basket(self.held.basket).rpartition("/")[2]],
            "submission_id": [str(self.submission.id)],
            "upload_id": [str(self.upload.id)],
            "entitlement_id": [str(self.request.id)],
            "code": ["anywhere"],
            "slip_id": [str(slip.pk) for slip in Slip.objects.all()],
            "number": [str(receipt.number) for receipt in Receipt.objects.all()],
            "token": [self.order.token, guest_links.to_offers(self.father.guardian).rpartition("/")[2]],
            "slug": [self.camp.slug],
            "form_key": ["sante", self.consent.form.key],
            "path": ["x.webp"],
        }[name]

    def _a_child(self) -> Participant:
        return a_child(
            "Zéphyrine",
            of=self.mother.guardian,
            last_name="Canariole",
            birth_date=BORN,
            answers={"teacher": "Perroquet"},
            sealed={"allergies": "Toucan"},
        )

    def _week(self, name: str) -> Option:
        monday = clock.now().date() + timedelta(days=21)
        return an_option(name, offering=self.camp, starts_on=monday, ends_on=monday + timedelta(days=4), price=4500)

    def _waits_for(self, name: str) -> PlaceRequest:
        camp = a_camp(title="Camp complet", registration_form=None, waiting={"mode": "automatic"})
        full = an_option(name, offering=camp, places=0)
        [request] = waiting.ask(
            guardian_id=self.father.guardian.id,
            claims=[a_claim(self.child, full)],
            together=False,
            actor=SYSTEM,
            at=clock.now(),
        )
        return request

    def _wishes_for(self, name: str) -> PlaceRequest:
        wished = an_option(name, offering=an_offering_of(self.opening), places=3)
        [request] = a_wish(self.opening, wished, of=self.father.guardian, child=self.child, at=clock.now())
        return request

    def _asks_to_change(self) -> ChangeRequest:
        practice(withdrawal={"allowed": True, "decision": "staff"})
        registration = Registration.objects.get(order_lines__order=self.order)
        return ask(registration, Change.WITHDRAWAL, (0, 4500, 0), words="Toucan", at=clock.now())

    def _paid(self, option: Option) -> Order:
        return a_paid_order(option, child=self.child, basket=a_basket(self.father.guardian))

    def _answered(self) -> Submission:
        return forms.submit(
            version_id=self.record.id,
            participant_id=self.child.id,
            signer_id=self.father.guardian.id,
            answers=Answers(own={"toy": "Perroquet"}),
            actor=SYSTEM,
            at=clock.now(),
        )

    def _sent(self) -> Upload:
        upload = Upload(
            name="Perroquet.pdf",
            content_type="application/pdf",
            size_bytes=8,
            participant=self.child,
            given_by=self.father.guardian,
        )
        sealed = sealing.seal_bytes(b"Perroquet", place="forms.Upload.content", row_id=upload.id)
        upload.path = default_storage.save(f"uploads/{upload.id}", ContentFile(sealed))
        upload.save(force_insert=True)
        return upload


@pytest.fixture
def world(parent: Parent) -> World:
    a_form(
        {"key": "last_name", "label": "Nom", "required": True},
        {"key": "first_name", "label": "Prénom", "required": True},
        {"key": "birth_date", "kind": "date", "label": "Date de naissance"},
        {"key": "teacher", "label": "Enseignante"},
        {"key": "allergies", "label": "Allergies", "class": "health"},
        purpose=Purpose.PROFILE,
        key="dossier",
    )
    return World(parent)


def addresses(world: World) -> Iterator[str]:
    """Every address of the portal, with every argument that the world has for it."""
    for pattern in get_resolver(PAGES_OF_THE_PORTAL).url_patterns:
        assert isinstance(pattern, URLPattern)
        found = [f"/{pattern.pattern}"]
        for name, converter in pattern.pattern.converters.items():
            hole = next(part for part in found[0].split("<") if part.split(">")[0].split(":")[-1] == name).split(">")[0]
            found = [each.replace(f"<{hole}>", value) for each in found for value in world.arguments(name)]
            assert converter is not None
        yield from found
    child = world.child.id
    yield f"/activites?enfant={child}"
    yield f"/activites/{world.camp.slug}/inscription?enfant={child}"
    yield f"/mon-dossier/enfants/{child}/fiches/sante?modifier"
    yield f"/invitation?code={world.code}"


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode(errors="replace").replace("\r\n ", "")


def seen(parent: Parent, world: World) -> dict[str, list[str]]:
    """Which addresses say what of the child."""
    found = {}
    for address in addresses(world):
        response = parent.client.get(address, follow=True)
        assert response.status_code in {200, 403, 404, 405}, address
        if canaries := [canary for canary in CANARIES if canary in text_of(response)]:
            found[address] = canaries
    return found


@pytest.mark.line("O-01")
def test_a_parent_is_told_of_the_child_at_many_addresses_and_one_kept_away_at_none(world: World) -> None:
    before = seen(world.father, world)
    world.block()
    after = seen(world.father, world)

    told = {canary for canaries in before.values() for canary in canaries}
    assert told == set(CANARIES)
    assert len(before) >= 25
    assert {address: canaries for address, canaries in after.items() if not is_public(address, canaries, world)} == {}


def is_public(address: str, canaries: list[str], world: World) -> bool:
    """The names of the weeks are in the catalogue, for everybody."""
    return address.startswith(f"/activites/{world.camp.slug}") and all(each.startswith("Semaine") for each in canaries)


@pytest.mark.line("O-01")
def test_what_was_paid_stays_in_the_accounts_with_a_receipt_that_names_no_child(world: World) -> None:
    world.block()

    page = world.father.client.get("/mon-dossier/comptes-et-recus")
    receipt = world.father.client.get(f"/compte/{world.order.token}/recus/1.pdf")

    assert world.order.reference in words(page)
    assert f"/compte/{world.order.token}/recus/1.pdf" in page.content.decode()
    assert f'href="/confirmation/{world.order.token}"' not in page.content.decode()
    assert "45,00" in text_of(receipt)


def test_the_address_of_a_confirmation_says_nothing_more_to_whoever_holds_it(world: World) -> None:
    world.block()

    anybody = HostClient("a.localhost")

    assert anybody.get(f"/confirmation/{world.order.token}").status_code == 404
    assert anybody.get(f"/confirmation/{world.order.token}/calendrier.ics").status_code == 404


def test_what_was_held_is_neither_counted_nor_paid(world: World) -> None:
    assert "Panier 1" in words(world.father.client.get("/mon-dossier")).replace("(1)", "1")
    world.block()

    assert "Votre panier est vide" in words(world.father.client.get("/panier"))
    assert world.father.client.post("/commande", {}).status_code in {200, 303}
    assert Order.objects.filter(guardian=world.father.guardian).count() == 1


def test_no_message_to_come_speaks_of_the_child(world: World) -> None:
    """What was paid a moment before, and is written of a moment after."""
    Message.objects.all().delete()
    world.block()

    delivery.handle_events(at=clock.now())

    assert [mail.subject for mail in Message.objects.all() if any(canary in mail.text for canary in CANARIES)] == []


def before_the_history(page: Any) -> str:
    return words(page).partition("Historique")[0]


@pytest.mark.parametrize("born", ["2019-06-12", ""])
def test_adding_the_child_again_is_answered_as_to_anybody(world: World, born: str) -> None:
    world.block()
    said = {"last_name": "Canariole", "first_name": "Zéphyrine", "birth_date": born}

    answer = world.father.client.post("/profil/enfants/ajouter", said, follow=True)
    anybody = a_parent(HostClient("a.localhost"))
    same = anybody.client.post("/profil/enfants/ajouter", {**said, "birth_date": "2019-06-12"}, follow=True)

    assert "Votre demande est transmise." in words(answer)
    assert before_the_history(answer) == before_the_history(same)
    assert Participant.objects.filter(last_name="Canariole").count() == 1
    assert not words(world.mother.client.get("/mon-dossier")).count("demande à suivre")


def test_the_mother_still_has_all_of_it(world: World) -> None:
    world.block()

    page = words(world.mother.client.get(f"/profil/enfants/{world.child.id}"))

    assert "Canariole Zéphyrine" in page
    assert world.father.guardian.email not in page


def copied(parent: Parent) -> str:
    """All that is in the copy of a parent's data, as one text."""
    response = parent.client.post("/mon-dossier/mes-donnees/copie")
    with ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    pdf_or_text = [HttpResponse(part) for part in parts]
    return "\n".join(text_of(each) for each in pdf_or_text)


@pytest.mark.line("O-01")
def test_the_copy_of_their_data_says_nothing_of_the_child(world: World) -> None:
    assert set(CANARIES) - {"Toucan"} <= {canary for canary in CANARIES if canary in copied(world.father)}
    world.block()

    told = copied(world.father)

    assert [canary for canary in CANARIES if canary in told] == []
    assert world.order.reference in told


def test_the_copy_has_no_telephone_that_another_household_gave(world: World) -> None:
    told = copied(world.mother)

    assert "Mésange" in told
    assert "+18195550142" not in told
    assert "+18195550142" in copied(world.father)
