"""What each kind of identity provider usually looks like, for whoever fills in its page."""

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.providers.sources import Source

_IDENTITY = {"last_name": ("family_name", "surname"), "first_name": ("given_name", "givenName")}

# S4-02: the federal broker offers the identity card and itsme behind one address.
PRESETS: dict[str, Source] = {
    "eid": Source(
        name="eID ou itsme",
        preset="eid",
        issuer="https://idp.iamfas.belgium.be/fas/oauth2",
        client_id="",
        scopes=("openid", "profile", "egovnrn"),
        claims={
            **_IDENTITY,
            "birth_date": ("birthdate",),
            "email": ("email", "mail"),
            "national_number": ("egovNRN", "nrn"),
        },
        locked=("last_name", "first_name", "birth_date", "national_number"),
    ),
    # S3-01: the account of the parents' portal opens the store.
    "board": Source(
        name="Portail des parents",
        preset="board",
        issuer="",
        client_id="",
        claims={**_IDENTITY, "email": ("email",)},
        locked=("last_name", "first_name"),
        is_verified=True,
    ),
    "other": Source(name="", preset="other", issuer="", client_id="", claims={**_IDENTITY, "email": ("email",)}),
}

LABELS: dict[str, str | Promise] = {
    "eid": _("Carte d’identité et itsme (service fédéral belge)"),
    "board": _("Portail d’un conseil ou d’un centre de services scolaire"),
    "other": _("Autre fournisseur OpenID Connect"),
}


def preset(key: str) -> Source:
    """Raises KeyError."""
    return replace(PRESETS[key])
