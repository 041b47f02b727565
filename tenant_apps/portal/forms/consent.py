"""The parental authorization: yes or no, with the name written by hand as a signature (S3-04)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tenant_apps.forms.models import Decision
from tenant_apps.portal.forms.signature import SignedName

PREFIX = "autorisation"


class ConsentForm(SignedName):
    decision = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[(each.value, each.label) for each in (Decision.YES, Decision.NO)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Indiquez si vous autorisez ou non.")},
    )
    field_order = ["decision", "signed_name"]

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=PREFIX)

    @property
    def is_refused(self) -> bool:
        return bool(self.cleaned_data["decision"] == Decision.NO)


class WithdrawalForm(SignedName):
    """A name is enough to take back what was given."""
