"""The registration form of one offering for one visitor: its own questions, choices, authorization and contact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language

from kernel.errors import Refusal
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import answers as form_answers
from tenant_apps.forms import building, uploads
from tenant_apps.forms import queries as form_queries
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.consents import wording
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.narrowing import without_health
from tenant_apps.organisation import queries as organisation
from tenant_apps.portal import choosing
from tenant_apps.portal.forms.claims import ClaimsForm
from tenant_apps.portal.forms.consent import ConsentForm
from tenant_apps.portal.forms.contact import KEYS, ContactForm
from tenant_apps.portal.options import Shown
from tenant_apps.portal.registering import Entry, Newcomer, Signature
from tenant_apps.registrations.errors import NotAllowed, OptionFull
from tenant_apps.registrations.models import Registration

_FIELD_OF_REASON = {
    **choosing.MISSING,
    Code.TOO_YOUNG: "birth_date",
    Code.TOO_OLD: "birth_date",
    Code.WRONG_LEVEL: "level",
    Code.WRONG_ESTABLISHMENT: "establishment",
}


@dataclass(frozen=True)
class Subject:
    """Who registers whom; `guest_id` is for a guardian yet to be made.

    `held` is what this basket already keeps for them in this offering. `recorded_by`: who types it for them, of the
    staff.
    """

    guardian: Guardian | None
    guest_id: UUID
    participant: Participant | None
    held: Sequence[Registration] = ()
    may_see_health: bool = True
    recorded_by: UUID | None = None

    @property
    def owner(self) -> str:
        """Whose the files are that come with the form."""
        return str(self.guardian.id if self.guardian else self.guest_id)


class Sheet:
    def __init__(
        self,
        offering: Offering,
        options: Iterable[Shown],
        subject: Subject,
        data: QueryDict | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.offering = offering
        self.options = list(options)
        self.subject = subject
        self.version = self._registration_version()
        self.consent_version = self._consent_version()
        self.questions = self._questions(data, files)
        self.claims = self._claims(data)
        self.consent = self._consent(data)
        self.contact = self._contact(data)

    @property
    def parts(self) -> list[forms.Form]:
        """In the order of the page, which is that of the error summary."""
        every = (self.questions, self.claims, self.consent, self.contact)
        return [part for part in every if part is not None and part.fields]

    @property
    def has_errors(self) -> bool:
        return any(part.is_bound and part.errors for part in self.parts)

    def is_valid(self) -> bool:
        """A refused authorization needs no choice: no place will be taken (S3-04)."""
        valid = [part.is_valid() for part in self.parts]
        if all(valid):
            return True
        if self.is_refusal:
            self.claims.errors.clear()
            return not any(part.errors for part in self.parts)
        return False

    def keep_files(self, *, at: datetime) -> None:
        """Of a form that was sent and looked at: nothing has to be chosen twice."""
        if self.questions is not None and self.questions.is_bound:
            guardian = self.subject.guardian
            uploads.keep_files(self.questions, guardian_id=guardian.id if guardian else None, at=at)

    @property
    def is_only_filled_in_further(self) -> bool:
        """A button of the form itself was pressed, as « Copier cette semaine »: it is shown again, and not judged."""
        return self.claims.is_copied

    @property
    def is_consent_only(self) -> bool:
        """There is nothing to take: a yes or a no, signed (S3-04)."""
        return not self.options

    def without_judgement(self) -> None:
        for part in self.parts:
            part.errors.clear()

    @property
    def is_multipart(self) -> bool:
        return self.questions is not None and self.questions.is_multipart()

    @property
    def is_refusal(self) -> bool:
        return self.consent is not None and not self.consent.errors and self.consent.is_refused

    @property
    def consent_text(self) -> str:
        """As the reader's language has it."""
        return wording(self.consent_version).text if self.consent_version else ""

    def asks_for(self, reason: Reason) -> bool:
        """True when the form itself asks what a participant's record lacks."""
        return self.questions is not None and choosing.MISSING.get(reason.code) in self.questions.fields

    def refuse(self, refusal: Refusal) -> None:
        """Say at the right field what the rules refused when the places were asked for."""
        fields = self.questions.fields if self.questions else {}
        for reason in refusal.reasons if isinstance(refusal, NotAllowed) else ():
            field = _FIELD_OF_REASON.get(reason.code)
            if self.questions is not None and field in fields:
                self.questions.add_error(field, reason.message)
                return
        self.claims.refuse(str(refusal), refusal.option_ids if isinstance(refusal, OptionFull) else ())

    def entry(self, *, signed_from: str | None = None) -> Entry:
        identity, answers = building.split(self.version, self.questions.cleaned_data if self.questions else {})
        return Entry(
            participant=self.subject.participant,
            identity=identity,
            answers=answers,
            version=self.version,
            chosen=[] if self.is_refusal else self.claims.chosen,
            contact_email=self._said("email"),
            signature=self._signature(signed_from),
            if_full=self.claims.if_full,
        )

    def visitor(self) -> Guardian | Newcomer:
        if self.subject.guardian is not None:
            return self.subject.guardian
        return Newcomer(
            id=self.subject.guest_id,
            email=self._said("email"),
            first_name=self._said("first_name"),
            last_name=self._said("last_name"),
            phone=self._said("phone"),
            language=get_language() or "fr",
        )

    def _said(self, name: str) -> str:
        for part, key in ((self.questions, KEYS[name]), (self.contact, name)):
            if part in self.parts and part.cleaned_data.get(key):
                return str(part.cleaned_data[key])
        return self.subject.guardian.email if self.subject.guardian and name == "email" else ""

    def _signature(self, signed_from: str | None) -> Signature | None:
        if self.consent is None or self.consent_version is None:
            return None
        said = self.consent.cleaned_data
        return Signature(
            version=self.consent_version,
            decision=said["decision"],
            signed_name=said["signed_name"],
            language=wording(self.consent_version).language,
            signed_from=signed_from,
            recorded_by=self.subject.recorded_by,
        )

    def _registration_version(self) -> FormVersion | None:
        """An offering without a form of its own asks the profile's questions of whoever is not known yet."""
        version = _version(self.offering.registration_form_id)
        version = version or (form_queries.profile_form() if self.subject.participant is None else None)
        # Who may not see those answers must not overwrite them either.
        return version if version is None or self.subject.may_see_health else without_health(version)

    def _consent_version(self) -> FormVersion | None:
        return _version(self.offering.consent_form_id)

    def _questions(self, data: QueryDict | None, files: Mapping[str, Any] | None) -> DefinedForm | None:
        if self.version is None:
            return None
        reserved = self.offering.establishments.all() if self.offering.reserved_to_establishments else ()
        made = building.form_class(
            self.version,
            establishments=reserved or organisation.establishments(),
            levels=organisation.levels(),
            owner=self.subject.owner,
        )
        initial = building.initial_for(self.version, self.subject.participant, self.subject.guardian)
        form = made(data, files, initial={**initial, **self._said_before()})
        if "contact_email" in form.fields:
            form.fields["contact_email"].required = self.subject.recorded_by is None
        return form

    def _said_before(self) -> dict[str, Any]:
        """What was answered for the registrations held: « Modifier » shows it again."""
        submissions = [registration.submission for registration in self.subject.held if registration.submission]
        return form_answers.of_submission(submissions[-1]) if submissions else {}

    def _claims(self, data: QueryDict | None) -> ClaimsForm:
        held: dict[UUID, int] = {}
        given: dict[UUID, int] = {}
        for registration in self.subject.held:
            if registration.option.is_voluntary:
                given[registration.option_id] = registration.unit_cents
            else:
                held[registration.option_id] = held.get(registration.option_id, 0) + registration.quantity
        return ClaimsForm(data, offering=self.offering, options=self.options, taken=held, given=given)

    def _consent(self, data: QueryDict | None) -> ConsentForm | None:
        if self.consent_version is None:
            return None
        is_by_staff = self.subject.recorded_by is not None
        return ConsentForm(data, wording=wording(self.consent_version), is_by_staff=is_by_staff)

    def _contact(self, data: QueryDict | None) -> ContactForm:
        known = {registration.contact_email for registration in self.subject.held}
        email = known.pop() if known else self.subject.guardian.email if self.subject.guardian else ""
        return ContactForm(
            data,
            asked=self.questions.fields if self.questions else (),
            is_newcomer=self.subject.guardian is None,
            is_by_staff=self.subject.recorded_by is not None,
            initial={"email": email},
        )


def _version(form_id: UUID | None) -> FormVersion | None:
    return form_queries.current_version(form_id) if form_id else None
