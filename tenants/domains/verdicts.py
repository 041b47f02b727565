"""What the DNS says of an organisation's own name, held against what it should say."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.domains import dns, records
from tenants.models import DomainState

_LONGEST = 255
# How the name of each state looks.
TAGS: Mapping[str, str] = {DomainState.PENDING: "info", DomainState.VERIFIED: "ok", DomainState.BROKEN: "bad"}


class Failure(models.TextChoices):
    """The first thing that is wrong. `{found}` is what the DNS says instead."""

    NOTHING = "nothing", _("Le DNS ne connaît pas encore ce nom\u202f: ajoutez l’enregistrement qui mène ici.")
    OTHER_TARGET = "other_target", _("Ce nom mène ailleurs\u202f: {found}.")
    NO_PROOF = "no_proof", _("Ce nom mène bien ici, mais l’enregistrement TXT manque.")
    OTHER_PROOF = "other_proof", _("L’enregistrement TXT dit autre chose\u202f: {found}.")
    TAKEN = "taken", _("Une autre organisation sert ce nom, et sa preuve est encore dans le DNS\u202f: retirez-la.")
    SILENT = "silent", _("Les serveurs DNS de ce nom ne répondent pas. Nous réessayons.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """No `failure`: all is as it should be. `proofs`: those that the DNS repeats, of whichever organisation."""

    failure: Failure | None = None
    found: str = ""
    proofs: frozenset[str] = frozenset()

    @property
    def is_silent(self) -> bool:
        return self.failure is Failure.SILENT


def judge(name: str, *, slug: str, proof: str) -> Verdict:
    """Asks the DNS, for seconds at worst: never in a transaction."""
    try:
        return _wrong_way(name, slug) or _proof(name, proof)
    except dns.Silent:
        return Verdict(Failure.SILENT)


def words(failure: str, found: str) -> str:
    return str(Failure(failure).label).format(found=found) if failure else ""


def _wrong_way(name: str, slug: str) -> Verdict | None:
    alias, target = dns.alias_of(name), records.target(slug)
    if alias == target:
        return None
    there = dns.addresses_of(name)
    if not there:
        return Verdict(Failure.OTHER_TARGET, alias) if alias else Verdict(Failure.NOTHING)
    # Some DNS services write the addresses of the target instead of its name.
    if there <= (frozenset(settings.PLATFORM_ADDRESSES) or dns.addresses_of(target)):
        return None
    return Verdict(Failure.OTHER_TARGET, (alias or ", ".join(sorted(there)))[:_LONGEST])


def _proof(name: str, proof: str) -> Verdict:
    texts = dns.texts_of(records.proof_name(name))
    proofs = frozenset(text.removeprefix(records.PROOF) for text in texts if text.startswith(records.PROOF))
    if proof in proofs:
        return Verdict(proofs=proofs)
    if not texts:
        return Verdict(Failure.NO_PROOF)
    return Verdict(Failure.OTHER_PROOF, ", ".join(texts)[:_LONGEST], proofs)
