"""The identity providers of an organisation: one `SocialApp` row each, read as a `Source`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import secrets

KIND = "openid_connect"
# What a provider may say of somebody, and what the column of the guardian's profile is called on screens.
COLUMNS: dict[str, Any] = {
    "last_name": _("Nom"),
    "first_name": _("Prénom"),
    "birth_date": _("Date de naissance"),
    "email": _("Courriel"),
    "national_number": _("Numéro national"),
}
# Without it there is no OpenID Connect.
SCOPE = "openid"
_SECRET = "provider-secret"  # noqa: S105 - the purpose that the secret is encrypted for


@dataclass(frozen=True, slots=True)
class Source:
    """`claims`: by column, the names of the claims that hold it, the first that is there wins. `locked`: the columns
    that the person cannot change afterwards. `is_verified`: an address of theirs needs no code of ours.
    """

    name: str
    preset: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...] = (SCOPE, "profile", "email")
    claims: Mapping[str, tuple[str, ...]] = ()  # type: ignore[assignment]
    locked: tuple[str, ...] = ()
    is_verified: bool = False
    is_active: bool = True

    def settings(self) -> dict[str, Any]:
        """As django-allauth reads them, and ours beside."""
        return {
            "server_url": self.issuer,
            "oauth_pkce_enabled": True,
            "scope": list(self.scopes),
            "preset": self.preset,
            "claims": {column: list(names) for column, names in dict(self.claims).items()},
            "locked": list(self.locked),
            "is_verified": self.is_verified,
            "is_active": self.is_active,
        }


def source_of(app: SocialApp) -> Source:
    told = app.settings
    return Source(
        name=app.name,
        preset=told.get("preset", "other"),
        issuer=told["server_url"],
        client_id=app.client_id,
        scopes=tuple(told.get("scope", (SCOPE,))),
        claims={column: tuple(names) for column, names in told.get("claims", {}).items()},
        locked=tuple(told.get("locked", ())),
        is_verified=told.get("is_verified", False),
        is_active=told.get("is_active", True),
    )


def all_of_them() -> list[SocialApp]:
    return list(SocialApp.objects.filter(provider=KIND).order_by("name", "id"))


def in_service() -> list[SocialApp]:
    """Those that somebody may sign in with now."""
    return [app for app in all_of_them() if app.settings.get("is_active", True)]


def accounts_of(app: SocialApp) -> int:
    """How many accounts it opens."""
    return int(SocialAccount.objects.filter(provider=app.provider_id).count())


def sealed(secret: str) -> str:
    return secrets.encrypt(secret, purpose=_SECRET)


def secret_of(app: SocialApp) -> str:
    """Raises cryptography.fernet.InvalidToken for a row of another organisation."""
    kept = app.settings.get("sealed_secret", "")
    return secrets.decrypt(kept, purpose=_SECRET) if kept else ""
