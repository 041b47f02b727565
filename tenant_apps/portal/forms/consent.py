"""The parental authorization: yes or no, with the name written by hand as a signature (S3-04)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.forms.consents import Wording
from tenant_apps.forms.models import Decision
from tenant_apps.portal.forms.signature import Assisted, SignedName

PREFIX = "autorisation"


class ConsentForm(SignedName, Assisted):
    decision = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[(each.value, each.label) for each in (Decision.YES, Decision.NO)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Indiquez si vous autorisez ou non.")},
    )
    field_order = ["decision", "signed_name", "is_present"]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        wording: Wording,
        signed_name: str = "",
        is_by_staff: bool = False,
    ) -> None:
        """`wording` is the text beside which the form is shown; `signed_name`, the name just written for another."""
        super().__init__(data, prefix=PREFIX, initial={"signed_name": signed_name})
        self.text_sha256 = wording.sha256
        self.ask_if_present(is_by_staff)

    def clean(self) -> dict[str, Any]:
        """What is signed is what was read: not a text published since, nor its translation chosen in another tab."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get(self.add_prefix("text"), self.text_sha256) != self.text_sha256:
            self.add_error(
                "decision", _("Ce texte n’est plus celui que vous aviez devant vous. Relisez-le, puis répondez.")
            )
        return told

    @property
    def is_refused(self) -> bool:
        return bool(self.cleaned_data["decision"] == Decision.NO)


class WithdrawalForm(SignedName):
    """A name is enough to take back what was given."""
