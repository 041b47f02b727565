"""Asks a browser for a little work before a form is taken, so that a script that sends thousands pays for each (S1-06).

The work is done in the background while the person types. Without JavaScript the form waits a few seconds instead, and
fewer are taken from one address. No puzzle, no cookie, nobody else asked.
"""

import hashlib
import json
import time

import altcha
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from kernel import signing
from kernel.errors import Refusal
from shared_apps.accounts.addresses import address_of

# The fields of a form that hold the answer, the moment it was shown, and what a person never fills in.
PROOF, SHOWN, TRAP = "robot_proof", "robot_shown", "robot_note"
_PURPOSE = "robot"
_ALGORITHM = "PBKDF2/SHA-256"
# Browsers try 256 keys on average until one begins so.
_PREFIX = "00"
_VALID_SECONDS = 4 * 3600
_SLOW_FORMS, _SLOW_SECONDS = 10, 600
_LONGEST_PROOF = 4000


class NotAPerson(Refusal):
    code = "not_a_person"
    message = _(
        "Nous n’avons pas pu vérifier que vous n’êtes pas un robot. Envoyez de nouveau le formulaire\u202f: rien "
        "n’est perdu."
    )


class TooSoon(Refusal):
    code = "too_soon"
    message = _(
        "Sans JavaScript, attendez quelques secondes avant d’envoyer le formulaire, puis envoyez-le de nouveau\u202f: "
        "rien n’est perdu."
    )


class TooMany(Refusal):
    code = "too_many"
    message = _("Trop de formulaires sont venus de votre réseau. Attendez quelques minutes et envoyez-le de nouveau.")


def challenge() -> str:
    """For the browser, as JSON. It holds for this organisation, some hours, and one form."""
    # Of the machine's own clock: the library reads that one.
    expires_at = int(time.time()) + _VALID_SECONDS
    made = altcha.create_challenge(
        _ALGORITHM, settings.ROBOT_COST, key_prefix=_PREFIX, expires_at=expires_at, hmac_secret=_key()
    )
    return json.dumps(made.to_dict())


def shown_now(request: HttpRequest) -> str:
    """A signed « this form was shown at »; the same one again while it has not been used, however often it is shown."""
    before = request.POST.get(SHOWN, "")
    if _shown_at(before) is not None and not cache.has_key(_mark(before)):
        return before
    return signing.sign([int(time.time()), get_random_string(12)], purpose=_PURPOSE)


def check(request: HttpRequest) -> None:
    """Use up what the form brought. Raises a Refusal where a person's browser would have brought more."""
    if request.POST.get(TRAP):
        raise NotAPerson
    proof = request.POST.get(PROOF, "")
    if proof:
        _check_proof(proof)
    else:
        _check_patience(request, request.POST.get(SHOWN, ""))


def _check_proof(proof: str) -> None:
    if len(proof) > _LONGEST_PROOF or not proof.isascii():
        raise NotAPerson
    try:
        payload = altcha.Payload.from_base64(proof)
        verified = altcha.verify_solution(payload, _key()).verified
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise NotAPerson from None
    if not verified or not _first_time(str(payload.challenge.signature), _VALID_SECONDS):
        raise NotAPerson


def _check_patience(request: HttpRequest, shown: str) -> None:
    at = _shown_at(shown)
    if at is None:
        raise NotAPerson
    if time.time() - at < settings.ROBOT_PATIENCE_SECONDS:
        raise TooSoon
    if not _few_from(address_of(request)):
        raise TooMany
    if not _first_time(shown, _VALID_SECONDS):
        raise NotAPerson


def _shown_at(shown: str) -> int | None:
    try:
        at, _random = signing.read(shown, purpose=_PURPOSE, max_age_seconds=_VALID_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(at)


def _few_from(address: str | None) -> bool:
    key = f"robot/slow/{hashlib.sha256(str(address).encode()).hexdigest()[:32]}"
    if cache.add(key, 1, timeout=_SLOW_SECONDS):
        return True
    try:
        return int(cache.incr(key)) <= _SLOW_FORMS
    except ValueError:
        # It ran out between the two lines.
        return True


def _first_time(value: str, seconds: int) -> bool:
    return bool(cache.add(_mark(value), 1, timeout=seconds))


def _mark(value: str) -> str:
    return f"robot/used/{hashlib.sha256(value.encode()).hexdigest()}"


def _key() -> bytes:
    return signing.key(purpose=_PURPOSE)
