"""A form as somebody is changing it, before it is published: all of it as data, kept wherever its editor is."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from kernel.words import in_language, with_translations
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.forms import operations
from tenant_apps.forms.consents import ASKS_AGAIN
from tenant_apps.forms.models import Form, FormVersion, Purpose

_SOURCE_LANGUAGE = "fr"


class Outdated(Refusal):
    code = "outdated"
    message = _(
        "Une autre personne a publié ce formulaire entre-temps. Vos changements n’ont pas été publiés\u202f: "
        "abandonnez-les, puis refaites-les sur la version en vigueur."
    )


class NoText(Refusal):
    code = "no_text"
    message = _("Écrivez le texte que les familles doivent lire avant de répondre.")


@dataclass(frozen=True, slots=True)
class Draft:
    """`base` is the number of the version it was made from; `texts` are a consent's, by language.

    `translations`: as a form's. `settings`: those of the form when the draft was begun, told by a hash.
    """

    base: int
    title: str
    reason: str = ""
    validity_days: int | None = None
    due_on: str = ""
    asks_everyone: bool = False
    is_open: bool = True
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    settings: str = ""

    @property
    def shown_title(self) -> str:
        return in_language(with_translations(self.title, self.translations, "title"))

    @property
    def shown_reason(self) -> str:
        return in_language(with_translations(self.reason, self.translations, "reason"))

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def with_definition(self, definition: dict[str, Any]) -> "Draft":
        return replace(self, definition=definition)


def of_version(version: FormVersion) -> Draft:
    """The form as it is in force. That it once asked everybody again is no wish to do so this time too."""
    form = version.form
    definition = {key: value for key, value in version.definition.items() if key != ASKS_AGAIN}
    return Draft(
        base=version.number,
        title=form.title,
        reason=form.reason,
        validity_days=form.validity_days,
        due_on=form.due_on.isoformat() if form.due_on else "",
        asks_everyone=form.asks_everyone,
        is_open=form.is_open,
        translations=form.translations,
        definition=definition,
        texts=texts_of(version),
        settings=_settings_of(form),
    )


def _settings_of(form: Form) -> str:
    """What is published without a new version, and would be written over by who began before."""
    columns = (form.title, form.reason, form.validity_days, str(form.due_on), form.asks_everyone, form.is_open)
    said = json.dumps([columns, form.translations], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def texts_of(version: FormVersion) -> dict[str, str]:
    return {_SOURCE_LANGUAGE: version.text, **version.translations} if version.text else {}


@operation
def publish(*, form_id: UUID, draft: Draft, asks_again: bool, actor: Actor, at: datetime) -> FormVersion:
    """A new version, where the questions or the text have changed; what was answered keeps its own.

    Raises Outdated, NoText and BadDefinition.
    """
    # The row's lock: two editors publish one after the other, and the second is told.
    form = lock_one(Form.objects.filter(id=form_id))
    before = form.versions.latest("number")
    if before.number != draft.base or draft.settings not in ("", _settings_of(form)):
        raise Outdated
    source = draft.texts.get(_SOURCE_LANGUAGE, "").strip()
    if form.purpose == Purpose.CONSENT and not source:
        raise NoText
    version = operations.publish_version(
        form_key=form.key,
        title=draft.title,
        purpose=form.purpose,
        definition=_definition(before, draft, asks_again=asks_again),
        text=source,
        translations={
            code: text.strip() for code, text in draft.texts.items() if code != _SOURCE_LANGUAGE and text.strip()
        },
        settings={
            "reason": draft.reason,
            "translations": draft.translations,
            "validity_days": draft.validity_days,
            "due_on": date.fromisoformat(draft.due_on) if draft.due_on else None,
            "asks_everyone": draft.asks_everyone,
            "is_open": draft.is_open,
        },
    )
    is_new = version.number != before.number
    audit.record(
        action="form.published" if is_new else "form.changed",
        subject="form",
        subject_id=form.id,
        actor=actor,
        at=at,
        details={"number": version.number},
    )
    return version


def _definition(before: FormVersion, draft: Draft, *, asks_again: bool) -> dict[str, Any]:
    """Where nothing else changes, the version in force stays, with whatever it asked of everybody."""
    if asks_again:
        return {**draft.definition, ASKS_AGAIN: True}
    unchanged = {key: value for key, value in before.definition.items() if key != ASKS_AGAIN} == draft.definition
    same_text = texts_of(before) == draft.texts
    return before.definition if unchanged and same_text else draft.definition
