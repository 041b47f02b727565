"""The word by which an organisation is known in its address: which ones may be had, and what to propose instead."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, count, islice

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenants.context import in_registry
from tenants.models import Organisation, SignUp, SignUpState

# Hosts that a visitor would take for the platform's own.
RESERVED = frozenset(
    """
    www ops api admin mail smtp imap static media files help aide status support console app apps preau demo test cdn
    connexion inscription ouvrir prix securite security login signup billing facturation webhooks assets ns ns1 ns2 mx
    ftp vpn autodiscover autoconfig wpad localhost
    """.split()  # noqa: SIM905
)
LONGEST = 40
# How long a request that nobody has answered keeps others from its address.
RESERVED_FOR = timedelta(days=14)
# Left out of what is proposed, until nothing would be left.
_SMALL_WORDS = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "of", "the", "van", "het", "et", "and"})

# Said of many: what follows is the name.
_KINDS = frozenset(
    {"commune", "ville", "city", "municipalite", "gemeente", "stad", "town", "township", "ecole", "school"}
)


HOST_LABEL = re.compile(r"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")


class NotASlug(Refusal):
    code = "not_a_slug"
    message = _("Des lettres minuscules sans accent, des chiffres et des traits d’union, sans trait d’union au bord.")


class SlugTooLong(Refusal):
    code = "slug_too_long"
    message = _("Au plus {most} caractères.")


class SlugTaken(Refusal):
    code = "slug_taken"
    message = _("Cette adresse est déjà prise.")


class SlugReserved(Refusal):
    code = "slug_reserved"
    message = _("Cette adresse est réservée à la plateforme.")


def check(slug: str) -> None:
    """Raises NotASlug and SlugTooLong for what is no word of a host's name.

    And SlugReserved for what would pass for the platform's own, or for a name written in another alphabet.
    """
    if not HOST_LABEL.match(slug):
        raise NotASlug
    if len(slug) > LONGEST:
        raise SlugTooLong(most=LONGEST)
    if slug in RESERVED or slug[2:4] == "--":
        raise SlugReserved


def check_free(slug: str, *, at: datetime) -> None:
    """Raises what `check` does, and SlugTaken. What is free now may be taken a moment later: the registry decides."""
    check(slug)
    if slug in _taken([slug], at=at):
        raise SlugTaken


def proposed(name: str, *, at: datetime, number: int = 3) -> list[str]:
    """Addresses that are free, the shortest good one first."""
    candidates = list(islice(_candidates(name), number * 4))
    taken = _taken(candidates, at=at)
    return [slug for slug in candidates if slug not in taken][:number]


def _taken(slugs: list[str], *, at: datetime) -> set[str]:
    waiting = SignUp.objects.filter(state=SignUpState.WAITING, confirmed_at__gt=at - RESERVED_FOR)
    with in_registry():
        organisations = Organisation.objects.filter(slug__in=slugs).values_list("slug", flat=True)
        return {*organisations, *waiting.filter(slug__in=slugs).values_list("slug", flat=True)}


def _candidates(name: str) -> Iterator[str]:
    words = slugify(name.replace("’", " ").replace("'", " ")).replace("_", "-").split("-")
    telling = [word for word in words if word and word not in _SMALL_WORDS] or ["organisation"]
    whole = _fitting("-".join(telling), LONGEST)
    own = [_fitting("-".join(telling[1:]), LONGEST)] if telling[0] in _KINDS and telling[1:] else []
    numbered = (f"{_fitting(whole, LONGEST - 4)}-{number}" for number in count(2))
    for slug in chain(own, [whole], numbered):
        if slug not in RESERVED and slug[2:4] != "--":
            yield slug


def _fitting(slug: str, length: int) -> str:
    return slug[:length].strip("-")
