"""What an offering still asks of one more child, who is about to take over a place."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict

from tenant_apps.catalog.models import Offering
from tenant_apps.forms.models import FormVersion
from tenant_apps.portal.forms.contact import ContactForm
from tenant_apps.portal.forms.sheet import Sheet, Subject


class MissingSheet(Sheet):
    """Only the forms that are not answered yet; where the mails go is known from the registration."""

    def __init__(
        self,
        offering: Offering,
        missing: Collection[UUID],
        subject: Subject,
        data: QueryDict | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.missing = missing
        super().__init__(offering, [], subject, data, files)

    def _registration_version(self) -> FormVersion | None:
        return super()._registration_version() if self.offering.registration_form_id in self.missing else None

    def _consent_version(self) -> FormVersion | None:
        return super()._consent_version() if self.offering.consent_form_id in self.missing else None

    def _contact(self, data: QueryDict | None) -> ContactForm:
        form = super()._contact(data)
        form.fields.clear()
        return form
