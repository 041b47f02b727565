"""Loads what the demonstration's family answered: each answer where its question is kept, and the signed records."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared_apps.audit.actors import Actor
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import answers, building, definitions, records
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.forms.queries import current_version
from tenant_apps.forms.signatures import Signature


def sorted_out(told: Mapping[str, Any]) -> Answers:
    """By the questions of the profile and of every record."""
    own, sealed, household = dict[str, Any](), dict[str, Any](), dict[str, Any]()
    for version in _versions():
        names = {each for question in _questions(version) for each in question.names}
        found = answers.sorted_out(version, {name: told[name] for name in names if name in told})
        own, sealed, household = own | found.own, sealed | found.sealed, household | found.household
    return Answers(own=own, sealed=sealed, household=household)


def sign(told: Mapping[str, int], *, child: Participant, guardian: Guardian, actor: Actor, at: datetime) -> None:
    """The records named, each signed so many days ago."""
    for key, days in told.items():
        version = current_version(Form.objects.get(key=key).id)
        known = building.initial_for(version, child, guardian)
        records.sign(
            version_id=version.id,
            participant_id=child.id,
            signer_id=guardian.id,
            answers=building.as_answers(version, known),
            signature=Signature(f"{guardian.first_name} {guardian.last_name}", "fr"),
            actor=actor,
            at=at - timedelta(days=days),
        )


def _versions() -> list[FormVersion]:
    forms = Form.objects.filter(purpose__in=[Purpose.PROFILE, Purpose.RECORD])
    return [current_version(form.id) for form in forms]


def _questions(version: FormVersion) -> list[definitions.Question]:
    return list(definitions.questions(definitions.read(version.definition)))
