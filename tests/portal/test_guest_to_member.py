"""A guest who opens an account finds in it what they have just done."""

from shared_apps.accounts.models import User
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tests.accounts.test_sign_in import PASSWORD, the_code
from tests.clients import HostClient
from tests.factories.families import a_guest as a_guest_elsewhere
from tests.portal.people import CHILD, GUEST, a_guest, a_sale, an_article, held, quantities, register_url, words


def a_guest_with_a_child(client: HostClient) -> Guardian:
    offering = a_sale()
    article = an_article(offering)
    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 2))})
    return Guardian.objects.get(email="anne@famille.example")


def sign_up(client: HostClient, email: str) -> User:
    client.post("/inscription", {"email": email, "password1": PASSWORD, "password2": PASSWORD})
    client.post("/compte/confirmer", {"code": the_code()})
    return User.objects.get(email=email)


def test_the_address_given_as_a_guest_is_not_asked_again(client: HostClient) -> None:
    a_guest_with_a_child(client)

    assert 'value="anne@famille.example"' in client.get("/inscription").content.decode()
    assert 'value="anne@famille.example"' not in HostClient("a.localhost").get("/inscription").content.decode()


def test_once_the_address_is_confirmed_the_account_has_what_the_guest_did(client: HostClient) -> None:
    guest = a_guest_with_a_child(client)

    user = sign_up(client, "anne@famille.example")

    assert Guardian.objects.get(user=user) == guest
    assert "Lapointe John" in words(client.get("/mon-dossier"))
    assert "Macaroni" in words(client.get("/panier"))
    assert held() == [("Lapointe John", "Macaroni", 2)]


def test_another_address_than_the_guests_is_given_nothing(client: HostClient) -> None:
    guest = a_guest_with_a_child(client)

    user = sign_up(client, "somebody@else.example")

    assert Guardian.objects.get(id=guest.id).user is None
    assert "Lapointe John" not in words(client.get("/mon-dossier"))
    assert families.guardian_of(user) != guest


def test_what_a_guest_of_the_same_address_did_elsewhere_is_left_alone(client: HostClient) -> None:
    elsewhere = a_guest_elsewhere("anne@famille.example")

    sign_up(client, "anne@famille.example")

    assert Guardian.objects.get(id=elsewhere.id).user is None
