"""The names that an organisation may bring: written one way only, and never those of the platform."""

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

LONGEST = 253
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")


class NotAName(Refusal):
    code = "not_a_name"
    message = _("Écrivez un nom de domaine seul, comme «\u202factivites.ville.ca\u202f».")


class PlatformName(Refusal):
    code = "platform_name"
    message = _("Ce nom est celui de la plateforme\u202f: écrivez un nom de votre propre domaine.")


def normal(said: str) -> str:
    """Small letters, as the DNS and browsers write it. Raises NotAName and PlatformName.

    What was copied from a browser's bar with its scheme and last slash is understood.
    """
    name = said.strip().lower().removeprefix("https://").removeprefix("http://").removesuffix("/").rstrip(".")
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAName from None
    labels = name.split(".")
    if len(name) > LONGEST or len(labels) < 2 or not all(map(_LABEL.match, labels)) or labels[-1].isdigit():
        raise NotAName
    if name == settings.PLATFORM_DOMAIN or _is_below_ours(name):
        raise PlatformName
    return name


def _is_below_ours(name: str) -> bool:
    return not settings.OWN_DOMAINS_BELOW_PLATFORM and name.endswith(f".{settings.PLATFORM_DOMAIN}")
