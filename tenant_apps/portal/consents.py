"""A family's authorizations: what awaits an answer, what was answered, and how another parent is named to this one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.catalog.models import Offering
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import consents
from tenant_apps.forms.consents import Asked, Standing, State
from tenant_apps.forms.models import Form, Means, Submission
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations import consents as registered


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """`address` is where the answer is given: a page of its own, or an outing's registration."""

    title: str
    participant: Participant
    due_on: date | None
    address: str
    is_outing: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    title: str
    form: Form
    participant: Participant
    standing: Standing
    told_by: str
    may_change: bool

    @property
    def is_yes(self) -> bool:
        return self.standing.allows


@dataclass(frozen=True, slots=True)
class Child:
    participant: Participant
    to_answer: list[ToAnswer]
    answered: list[Answered]
    closed: list[Asked]


def to_answer(guardian: Guardian, *, at: datetime, profile: Profile) -> list[ToAnswer]:
    """For the family's list of what there is to do."""
    signs = consents.signs_for(guardian.id)
    children = [child for child in families.participants_of(guardian.id) if child.id in signs]
    return [*map(_of_everyone, consents.unanswered(guardian, at)), *_outings(children, at, profile)]


def of_family(guardian: Guardian, *, at: datetime, profile: Profile) -> list[Child]:
    """By child, in a number of queries that does not grow with them."""
    children = families.participants_of(guardian.id)
    waiting = to_answer(guardian, at=at, profile=profile)
    every = consents.asked(guardian, at)
    answered = _answered(guardian, children, at=at, profile=profile)
    return [
        Child(
            participant=child,
            to_answer=[each for each in waiting if each.participant.id == child.id],
            answered=[each for each in answered if each.participant.id == child.id],
            closed=[each for each in every if each.participant.id == child.id and _came_too_late(each)],
        )
        for child in children
    ]


def told_by(submission: Submission, reader: Guardian) -> str:
    """Who answered, as this guardian may know it: another household's adult by the first name alone."""
    signer = submission.signer
    if signer is None or signer.id == reader.id:
        return submission.signed_name
    if signer.household_id is not None and signer.household_id == reader.household_id:
        return submission.signed_name
    return _("%(first_name)s, l’autre parent") % {"first_name": signer.first_name or _("Un proche")}


def is_assisted(submission: Submission) -> bool:
    return submission.means == Means.ASSISTED


def offerings_of(form_ids: set[UUID]) -> dict[UUID, Offering]:
    """The offering that each authorization is asked for, where it is one's own."""
    asking = Offering.objects.filter(consent_form_id__in=form_ids)
    return {each.consent_form_id: each for each in asking if each.consent_form_id}


def _answered(guardian: Guardian, children: list[Participant], *, at: datetime, profile: Profile) -> list[Answered]:
    by_id = {child.id: child for child in children}
    found = consents.standings_of(by_id, at=at, zone=profile.zone).by_pair
    titles = offerings_of({form_id for form_id, _child in found})
    signs = consents.signs_for(guardian.id)
    rows = []
    for (form_id, child_id), standing in found.items():
        if standing.word is None:
            continue
        form = standing.word.version.form
        title = f"{titles[form_id].shown('title')} – {form.shown_title}" if form_id in titles else form.shown_title
        told = told_by(standing.word, guardian)
        rows.append(Answered(title, form, by_id[child_id], standing, told, child_id in signs))
    return sorted(rows, key=lambda row: row.standing.word.submitted_at if row.standing.word else at, reverse=True)


def _outings(children: list[Participant], at: datetime, profile: Profile) -> list[ToAnswer]:
    return [
        ToAnswer(
            title=subject.title,
            participant=child,
            due_on=subject.due_on,
            address=f"{reverse('register', args=[subject.offering.slug])}?enfant={child.id}",
            is_outing=True,
        )
        for subject, child in registered.awaited(children, at=at, zone=profile.zone)
        if subject.offering
    ]


def _of_everyone(asked: Asked) -> ToAnswer:
    address = reverse("consent", args=[asked.participant.id, asked.form.key])
    return ToAnswer(asked.form.shown_title, asked.participant, asked.due_on, address)


def _came_too_late(asked: Asked) -> bool:
    return asked.is_closed and asked.standing.state is State.SILENT
