"""Forms that ask a browser for a little work (robots)."""

from typing import TYPE_CHECKING

from allauth.core import context
from django import forms

from kernel.errors import Refusal
from shared_apps.accounts import robots

if TYPE_CHECKING:
    Mixed = forms.Form
else:
    Mixed = object


class NotARobot(Mixed):
    """Looked at once all the rest is right, so that an answer is not used up by a mistyped word."""

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                robots.check(context.request)
            except Refusal as refusal:
                self.add_error(None, str(refusal))
        return cleaned
