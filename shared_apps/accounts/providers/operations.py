"""Writes an organisation's identity providers. Every change is in its trail; a secret is written and never shown."""

from dataclasses import asdict
from datetime import datetime

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.providers import sources
from shared_apps.accounts.providers.sources import Source
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor


class IssuerInUse(Refusal):
    code = "issuer_in_use"
    message = _(
        "Des comptes sont reliés à l’émetteur actuel\u202f: les mêmes identifiants désigneraient d’autres personnes "
        "chez un autre. Ajoutez plutôt un fournisseur."
    )


@operation
def add(*, source: Source, secret: str, actor: Actor, at: datetime, provider_id: str = "") -> SocialApp:
    """`provider_id` is in the address that the provider sends people back to: chosen here unless it is given."""
    chosen = provider_id or f"{slugify(source.name)[:30] or 'identite'}-{get_random_string(6).lower()}"
    app = SocialApp(provider=sources.KIND, provider_id=chosen)
    _write(app, source, secret)
    _record("added", app, source, actor, at)
    return app


@operation
def change(*, provider_id: str, source: Source, secret: str, actor: Actor, at: datetime) -> SocialApp:
    """An empty `secret` keeps the one that is there. Raises SocialApp.DoesNotExist, IssuerInUse."""
    app = _locked(provider_id)
    has_moved = source.issuer.rstrip("/") != app.settings["server_url"].rstrip("/")
    if has_moved and SocialAccount.objects.filter(provider=provider_id).exists():
        raise IssuerInUse
    _write(app, source, secret)
    _record("changed", app, source, actor, at, secret_changed=bool(secret))
    return app


@operation
def put_in_service(*, provider_id: str, actor: Actor, at: datetime) -> None:
    """Raises SocialApp.DoesNotExist."""
    _serve(provider_id, True, actor, at)


@operation
def take_out_of_service(*, provider_id: str, actor: Actor, at: datetime) -> None:
    """Nobody signs in with it any more; who is known by it stays known. Raises SocialApp.DoesNotExist."""
    _serve(provider_id, False, actor, at)


@operation
def remove(*, provider_id: str, actor: Actor, at: datetime) -> None:
    """The accounts stay, without it: their people sign in by a code sent to them. Raises SocialApp.DoesNotExist."""
    app = _locked(provider_id)
    source = sources.source_of(app)
    parted, _kinds = SocialAccount.objects.filter(provider=provider_id).delete()
    app.delete()
    _record("removed", app, source, actor, at, accounts=parted)


def _write(app: SocialApp, source: Source, secret: str) -> None:
    kept = sources.sealed(secret) if secret else app.settings.get("sealed_secret", "")
    app.name, app.client_id = source.name, source.client_id
    app.settings = source.settings() | {"sealed_secret": kept}
    app.save()


def _serve(provider_id: str, is_active: bool, actor: Actor, at: datetime) -> None:
    app = _locked(provider_id)
    app.settings = app.settings | {"is_active": is_active}
    app.save(update_fields=["settings"])
    _record("served" if is_active else "suspended", app, sources.source_of(app), actor, at)


def _locked(provider_id: str) -> SocialApp:
    return lock_one(SocialApp.objects.filter(provider=sources.KIND, provider_id=provider_id))


def _record(what: str, app: SocialApp, source: Source, actor: Actor, at: datetime, **more: object) -> None:
    told = asdict(source) | {"provider_id": app.provider_id} | more
    audit.record(
        action=f"identity_provider.{what}",
        subject="identity_provider",
        subject_id=None,
        actor=actor,
        at=at,
        details=told,
    )
