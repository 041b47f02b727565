"""Somebody's request to open an organisation: what was said, the address proved by a code, the slug, the decision.

Nobody is kept from an address by who has not proved their own: the slug is taken once the code is right, and whoever
comes second chooses another without saying anything else again.
"""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from kernel import ids
from kernel.database import lock, unique
from kernel.errors import Refusal
from kernel.transactions import operation
from tenants import slugs
from tenants.context import in_registry
from tenants.models import Arrivals, Organisation, PlatformRules, SignUp, SignUpState
from tenants.operations.create import create

CODE_VALID = timedelta(minutes=15)
# Over all the codes of one request: of a million, nobody finds the right one by chance.
MOST_ATTEMPTS = 10
MOST_FOR_ONE_PERSON = 3
KEPT_UNPROVED = timedelta(days=1)
KEPT_FOR = timedelta(days=90)


class ArrivalsClosed(Refusal):
    code = "arrivals_closed"
    message = _("Les nouvelles organisations ne sont pas accueillies en ce moment.")


class WrongCode(Refusal):
    code = "wrong_code"
    message = _("Ce code n’est pas le bon. Recopiez les six chiffres du dernier courriel.")


class CodeExpired(Refusal):
    code = "code_expired"
    message = _("Ce code n’est plus valable. Demandez-en un autre.")


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    message = _("Trop de codes ont été essayés. Recommencez depuis la vérification de vos réponses.")


class TooManyRequests(Refusal):
    code = "too_many_requests"
    message = _("Plusieurs demandes sont déjà à votre nom. Écrivez-nous pour en ouvrir d’autres.")


class AlreadyDecided(Refusal):
    code = "already_decided"
    message = _("Une réponse a déjà été donnée à cette demande.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for, in the columns of the request."""

    name: str
    slug: str
    preset: str
    language: str
    languages: list[str] = field(default_factory=list)
    plan: str = ""
    owner_first_name: str
    owner_last_name: str
    owner_email: str
    owner_phone: str = ""


def arrivals() -> Arrivals:
    with in_registry():
        rules = PlatformRules.objects.first()
    return Arrivals(rules.arrivals) if rules else Arrivals.APPROVAL


def found(sign_up_id: UUID) -> SignUp:
    """Raises SignUp.DoesNotExist."""
    with in_registry():
        return SignUp.objects.select_related("organisation").get(pk=sign_up_id)


def find(written: str) -> SignUp | None:
    """The request of an identifier that came from outside."""
    sign_up_id = ids.read(written)
    with in_registry():
        return SignUp.objects.select_related("organisation").filter(pk=sign_up_id).first() if sign_up_id else None


@operation
def ask(*, wish: Wish, at: datetime) -> tuple[SignUp, str]:
    """Keep the request, unproved, and give the code to send to its owner. Nothing is reserved yet.

    Raises ArrivalsClosed, SlugTaken and SlugReserved.
    """
    if arrivals() == Arrivals.CLOSED:
        raise ArrivalsClosed
    slugs.check_free(wish.slug, at=at)
    code = _drawn()
    with in_registry():
        asked = SignUp(**asdict(wish), created_at=at, code_until=at + CODE_VALID)
        asked.code_hash = _hash(asked.pk, code)
        asked.save(force_insert=True)
    return asked, code


@operation
def renew_code(*, sign_up_id: UUID, at: datetime) -> str:
    """Another code; those before are void. What was tried still counts. Raises TooManyAttempts."""
    code = _drawn()
    with in_registry():
        renewed = _unproved(sign_up_id).filter(code_attempts__lt=MOST_ATTEMPTS)
        if not renewed.update(code_hash=_hash(sign_up_id, code), code_until=at + CODE_VALID):
            raise TooManyAttempts
    return code


def prove(*, sign_up_id: UUID, code: str, at: datetime) -> None:
    """The owner's address is theirs. Each try counts, whatever becomes of it. Proving twice is proving once.

    Raises WrongCode, CodeExpired and TooManyAttempts.
    """
    asked = _tried(sign_up_id=sign_up_id)
    if asked.confirmed_at is not None:
        return
    if asked.code_until is None or asked.code_until <= at:
        raise CodeExpired
    if not constant_time_compare(asked.code_hash, _hash(sign_up_id, code)):
        raise WrongCode
    with in_registry():
        _unproved(sign_up_id).update(confirmed_at=at, code_hash="", code_until=None)


@operation
def claim(*, sign_up_id: UUID, slug: str, at: datetime) -> SignUp:
    """Take the address for a request that is proved: an organisation at once, or a request that waits for an answer.

    Claiming twice is claiming once. Raises ArrivalsClosed, SlugTaken, SlugReserved and TooManyRequests, and leaves the
    request as it was, to be claimed with another address.
    """
    rule = arrivals()
    if rule == Arrivals.CLOSED:
        raise ArrivalsClosed
    with in_registry():
        asked = _alone_for_their_owner(sign_up_id)
        proved = SignUp.objects.filter(pk=sign_up_id, state=SignUpState.UNCONFIRMED, confirmed_at__isnull=False)
        if not proved.exists():
            return asked
        if _others_of(asked, at).count() >= MOST_FOR_ONE_PERSON:
            raise TooManyRequests
        slugs.check_free(slug, at=at)
        _let_go(slug, at)
        with unique(slugs.SlugTaken):
            moved = proved.update(state=SignUpState.WAITING, slug=slug, confirmed_at=at)
        if moved and rule == Arrivals.OPEN:
            _become(sign_up_id, by="", at=at)
        return found(sign_up_id)


@operation
def approve(*, sign_up_id: UUID, by: str, at: datetime) -> Organisation:
    """Make it an organisation, in preparation. Raises AlreadyDecided, SlugTaken and NotServedHere."""
    with in_registry():
        return _become(sign_up_id, by=by, at=at)


@operation
def refuse(*, sign_up_id: UUID, words: str, by: str, at: datetime) -> SignUp:
    """`words` are told to who asked. Raises AlreadyDecided."""
    with in_registry():
        if not _waiting(sign_up_id).update(state=SignUpState.REFUSED, reason=words, decided_by=by, decided_at=at):
            raise AlreadyDecided
        return SignUp.objects.get(pk=sign_up_id)


@operation
def enter(*, wish: Wish, organisation: Organisation, by: str, at: datetime) -> None:
    """The first owner of an organisation that an operator opens."""
    with in_registry():
        SignUp.objects.create(
            **asdict(wish),
            state=SignUpState.APPROVED,
            organisation=organisation,
            created_at=at,
            decided_at=at,
            decided_by=by,
        )


@operation
def forget(*, at: datetime) -> None:
    """What nobody proved goes after a day, what never had an address after ninety; what was decided keeps no name."""
    unproved = Q(confirmed_at=None, created_at__lt=at - KEPT_UNPROVED) | Q(confirmed_at__lt=at - KEPT_FOR)
    with in_registry():
        SignUp.objects.filter(unproved, state=SignUpState.UNCONFIRMED).delete()
        ended = SignUp.objects.filter(decided_at__lt=at - KEPT_FOR).exclude(owner_email="")
        ended.update(owner_first_name="", owner_last_name="", owner_email="", owner_phone="", reason="")


def _become(sign_up_id: UUID, *, by: str, at: datetime) -> Organisation:
    if not _waiting(sign_up_id).update(state=SignUpState.APPROVED, decided_by=by, decided_at=at):
        raise AlreadyDecided
    asked = SignUp.objects.get(pk=sign_up_id)
    organisation = create(name=asked.name, slug=asked.slug, preset=asked.preset, language=asked.language)
    # Families see it once its owner says so.
    Organisation.objects.filter(pk=organisation.pk).update(live_at=None)
    SignUp.objects.filter(pk=sign_up_id).update(organisation=organisation)
    organisation.live_at = None
    return organisation


@operation
def _tried(*, sign_up_id: UUID) -> SignUp:
    """One try more, kept even though the code is refused."""
    with in_registry():
        counted = _unproved(sign_up_id).filter(code_attempts__lt=MOST_ATTEMPTS)
        if not counted.update(code_attempts=F("code_attempts") + 1) and _unproved(sign_up_id).exists():
            raise TooManyAttempts
        return SignUp.objects.get(pk=sign_up_id)


def _let_go(slug: str, at: datetime) -> None:
    """Of a request that waited too long: it chooses another address."""
    lapsed = SignUp.objects.filter(slug=slug, state=SignUpState.WAITING, confirmed_at__lte=at - slugs.RESERVED_FOR)
    lapsed.update(state=SignUpState.UNCONFIRMED)


def _alone_for_their_owner(sign_up_id: UUID) -> SignUp:
    """Held with all that the same person proved, so that those claimed at once are counted one after the other."""
    owner = SignUp.objects.values_list("owner_email", flat=True).get(pk=sign_up_id)
    theirs = Q(owner_email__iexact=owner, confirmed_at__isnull=False) & ~Q(owner_email="")
    held = lock(SignUp.objects.filter(Q(pk=sign_up_id) | theirs))
    return next(each for each in held if each.pk == sign_up_id)


def _others_of(asked: SignUp, at: datetime) -> QuerySet[SignUp]:
    recent = Q(state=SignUpState.WAITING) | Q(state=SignUpState.APPROVED, decided_at__gt=at - slugs.RESERVED_FOR)
    return SignUp.objects.filter(recent, owner_email__iexact=asked.owner_email).exclude(pk=asked.pk)


def _unproved(sign_up_id: UUID) -> QuerySet[SignUp]:
    return SignUp.objects.filter(pk=sign_up_id, state=SignUpState.UNCONFIRMED, confirmed_at=None)


def _waiting(sign_up_id: UUID) -> QuerySet[SignUp]:
    return SignUp.objects.filter(pk=sign_up_id, state=SignUpState.WAITING)


def _drawn() -> str:
    return f"{secrets.randbelow(10**6):06}"


def _hash(sign_up_id: UUID, code: str) -> str:
    """With the machine's own key: six digits would be found from a bare hash at once."""
    return salted_hmac("preau.sign_up", f"{sign_up_id}:{code}", algorithm="sha256").hexdigest()
