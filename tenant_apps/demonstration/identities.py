"""Lets families of the demonstration come in with a simulated identity, where a simulation runs."""

from dataclasses import replace
from datetime import datetime

from allauth.socialaccount.models import SocialApp
from django.conf import settings

from shared_apps.accounts.providers import operations, presets
from shared_apps.audit.actors import SYSTEM
from tenant_apps.demonstration import reading

PROVIDER = "simulation"


def connect(key: str, *, at: datetime) -> None:
    """Inside the organisation: the provider that its data names. Once made, only its address follows the simulation."""
    told = reading.data(key).get("identity")
    if told is None or not settings.IDENTITY_SIMULATION_URL:
        return
    known = SocialApp.objects.filter(provider_id=PROVIDER).first()
    if known is None:
        source = replace(
            presets.preset(told["preset"]),
            name=told["name"],
            issuer=settings.IDENTITY_SIMULATION_URL,
            client_id=told["client"],
            scopes=("openid", "profile", "email"),
        )
        operations.add(source=source, secret=PROVIDER, provider_id=PROVIDER, actor=SYSTEM, at=at)
    elif known.settings["server_url"] != settings.IDENTITY_SIMULATION_URL:
        # The same people at another port: those who are known by it stay known.
        known.settings["server_url"] = settings.IDENTITY_SIMULATION_URL
        known.save(update_fields=["settings"])
