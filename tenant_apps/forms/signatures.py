"""Who signs: a name typed by hand, in which language it was read, and from where."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.forms.models import Means


class NameMissing(Refusal):
    code = "name_missing"
    message = _("Écrivez votre prénom et votre nom pour signer.")


@dataclass(frozen=True, slots=True)
class Signature:
    """`signed_from` is the address on the network, where it is known.

    `recorded_by`: the account of the member of staff to whom a person who is present told the answers and the name.
    """

    signed_name: str
    language: str = ""
    signed_from: str | None = None
    recorded_by: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """Of the submission. Raises NameMissing."""
        name = " ".join(self.signed_name.split())
        if not name:
            raise NameMissing
        said: dict[str, Any] = {"signed_name": name[:200], "language": self.language, "signed_from": self.signed_from}
        return {**said, "means": Means.ASSISTED, "recorded_by": self.recorded_by} if self.recorded_by else said
