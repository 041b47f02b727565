"""An account made with somebody else's address is not a way into theirs."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from shared_apps.accounts.models import User
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import guardians
from tests.accounts.test_sign_in import PASSWORD, a_member, sign_in, the_code
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.factories.organisation import a_user


def an_unproved_account(email: str = "marie@example.org") -> User:
    """Made by whoever typed the address, with a password and an identity of theirs."""
    user = a_user(email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=False, primary=True)
    SocialAccount.objects.create(user=user, provider="eid", uid="somebody")
    return user


def come_in_by_a_code(client: HostClient) -> None:
    client.post("/connexion/code", {"email": "marie@example.org"})
    client.post("/connexion/code/confirmer", {"code": the_code()})


def test_what_was_given_before_the_address_was_proved_elsewhere_opens_nothing(client: HostClient) -> None:
    user = an_unproved_account()

    come_in_by_a_code(client)

    assert client.get("/profil").status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not SocialAccount.objects.exists()
    assert not User.objects.get().has_usable_password()
    other = HostClient("a.localhost")
    sign_in(other)
    assert "_auth_user_id" not in other.session


def test_the_profile_that_somebody_else_filled_in_is_not_the_owner_s(client: HostClient) -> None:
    stranger = guardians.ensure_guardian(user=an_unproved_account(), at=NOON)
    Guardian.objects.filter(id=stranger.id).update(last_name="Peeters", locked_fields=["last_name"])

    come_in_by_a_code(client)
    client.get("/profil")

    own = Guardian.objects.get(user__isnull=False)
    assert (own.last_name, own.locked_fields) == (own.user.last_name if own.user else None, [])
    assert Guardian.objects.get(id=stranger.id).user is None


def test_a_password_that_is_chosen_again_parts_the_identity_that_came_before_it(client: HostClient) -> None:
    an_unproved_account()

    client.post("/compte/mot-de-passe/oublie", {"email": "marie@example.org"})
    client.post("/compte/mot-de-passe/code", {"code": the_code()})
    client.post("/compte/mot-de-passe/nouveau", {"password1": "tout autre chose", "password2": "tout autre chose"})

    assert not SocialAccount.objects.exists()
    assert User.objects.get().check_password("tout autre chose")


def test_where_the_account_was_made_its_password_stays(client: HostClient) -> None:
    an_unproved_account()
    sign_in(client)

    client.post("/compte/confirmer", {"code": the_code()})

    assert "_auth_user_id" in client.session
    assert User.objects.get().check_password(PASSWORD)
    assert SocialAccount.objects.exists()


def test_an_account_that_has_been_opened_keeps_its_password(client: HostClient) -> None:
    a_member()
    sign_in(client)
    client.post("/deconnexion")
    EmailAddress.objects.update(verified=False)

    come_in_by_a_code(client)

    assert User.objects.get().check_password(PASSWORD)
