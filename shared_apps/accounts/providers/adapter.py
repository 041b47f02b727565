"""How django-allauth treats whoever comes from an identity provider: never joined to an account by an address alone."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts import access
from shared_apps.accounts.models import User
from shared_apps.accounts.providers import identity, mail, sources
from shared_apps.accounts.providers.fetch import Session
from shared_apps.accounts.providers.protocol import Provider
from shared_apps.accounts.providers.rules import rules_of
from shared_apps.audit.actors import Actor


class AlreadyLinked(Refusal):
    code = "already_linked"
    message = _("Ce compte est déjà relié à une autre identité. Écrivez à l’organisation si ce n’est pas vous.")


class ProvidersAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "invalid_token": _("Ce fournisseur d’identité n’a pas répondu comme il le devait. Réessayez dans un instant."),
        "email_taken": _("Un compte existe déjà avec ce courriel."),
    }

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: Any = None) -> list[SocialApp]:
        return [app for app in sources.in_service() if provider in (None, app.provider_id)]

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Provider:
        """Raises SocialApp.DoesNotExist for one that is unknown, or out of service."""
        return Provider(request, app=self.get_app(request, provider=provider))

    def list_providers(self, request: HttpRequest) -> list[Provider]:
        return [Provider(request, app=app) for app in self.list_apps(request)]

    def get_requests_session(self) -> Session:
        return Session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return not access.is_operations(request)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """S4-05: the person sees what is said of them, and registers by a button of their own."""
        return False

    def is_email_verified(self, provider: Provider, email: str) -> bool:
        """Never by a general setting: each provider's own is in its addresses already."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever is known already: their identity is brought up to date."""
        if sociallogin.is_existing:
            _take(request, sociallogin, sociallogin.user)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Raises kernel.errors.Refusal where the identity is another account's; then nothing is kept."""
        user: User = self._saved(request, sociallogin, form)
        if EmailAddress.objects.filter(user=user, verified=True).exists():
            mail.tell_registered(request, user)
        return user

    @operation
    def _saved(self, request: HttpRequest, sociallogin: SocialLogin, form: Any) -> User:
        # An address of the provider's that nobody vouches for is not the account's: the one typed is.
        sociallogin.email_addresses = [address for address in sociallogin.email_addresses if address.verified]
        user: User = super().save_user(request, sociallogin, form)
        _take(request, sociallogin, user, phone=form.cleaned_data.get("phone", "") if form else "")
        return user


def said(sociallogin: SocialLogin) -> dict[str, str]:
    """The columns of the identity that the provider gave."""
    return identity.unsealed(sociallogin.account.extra_data.get("identity", ""))


def check_unlinked(user: User) -> None:
    """Raises AlreadyLinked."""
    if SocialAccount.objects.filter(user=user).exists():
        raise AlreadyLinked


@operation
def link(*, request: HttpRequest, sociallogin: SocialLogin, user: User) -> None:
    """From now on the provider opens this account too. Raises AlreadyLinked: an account has one provider."""
    lock_one(User.objects.filter(pk=user.pk))
    check_unlinked(user)
    sociallogin.connect(request, user)
    _take(request, sociallogin, user)


def _take(request: HttpRequest, sociallogin: SocialLogin, user: User, *, phone: str = "") -> None:
    source, columns = sociallogin.provider.source, said(sociallogin)
    if not rules_of(request).asks_national_number:
        # The rule may have ended since the person came back from the provider.
        columns.pop("national_number", None)
    identity.take(
        user=user,
        columns=columns,
        locked=source.locked,
        actor=Actor(kind="guardian", user_id=user.pk, label=str(user)),
        at=clock.now(),
        phone=phone,
    )
    # It is with the profile now: the account of the provider needs only its subject.
    SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
