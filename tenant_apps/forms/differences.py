"""What two versions of a form differ in, in words that staff read before they publish and afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.words import Words, in_language
from tenant_apps.forms import editing

_WHAT: dict[str, str | Promise] = {
    "label": _("La question"),
    "hint": _("L’aide"),
    "details_label": _("La précision demandée"),
    "choices": _("Les choix"),
    "required": _("Obligatoire"),
    "shared": _("Réponse commune à la famille"),
    "class": _("La sorte de renseignement"),
    "show_if": _("La condition"),
    "reason": _("La raison"),
    "min": _("Le minimum"),
    "max": _("Le maximum"),
    "unit": _("L’unité"),
    "kind": _("Le genre de réponse"),
    "off": _("L’état"),
}
_OF_A_FORM: dict[str, Promise] = {"title": _("Titre"), "reason": _("Pourquoi nous le demandons")}


@dataclass(frozen=True, slots=True)
class Difference:
    """`about` is the question or the text; `before` and `after` are empty where there was or is none."""

    about: str
    what: str | Promise
    before: str
    after: str


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Of two definitions, question by question, in the order of the new one."""
    before = {each["key"]: each for each in editing.questions(old)}
    after = {each["key"]: each for each in editing.questions(new)}
    found = [
        Difference(_named(data), _("Question ajoutée"), "", _named(data))
        for key, data in after.items()
        if key not in before
    ]
    found += [
        Difference(_named(data), _("Question retirée"), _named(data), "")
        for key, data in before.items()
        if key not in after
    ]
    for key, data in after.items():
        if key in before:
            found += _changes(before[key], data)
    kept_before, kept_after = [k for k in before if k in after], [k for k in after if k in before]
    if kept_before != kept_after:
        found.append(Difference("", _("L’ordre des questions a changé"), "", ""))
    return found


def between_texts(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """Of a consent's text, by language."""
    languages = [*new, *(code for code in old if code not in new)]
    return [
        Difference(code, _("Le texte"), old.get(code, ""), new.get(code, ""))
        for code in languages
        if old.get(code, "") != new.get(code, "")
    ]


def between_translations(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> list[Difference]:
    """Of a form's title and reason, by language."""
    return [
        Difference(code, what, was, now)
        for code in sorted({*old, *new})
        for part, what in _OF_A_FORM.items()
        if (was := old.get(code, {}).get(part, "")) != (now := new.get(code, {}).get(part, ""))
    ]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Difference]:
    for column, what in _WHAT.items():
        was, now = before.get(column), after.get(column)
        if (was or None) != (now or None):
            yield Difference(_named(after), what, _written(column, was), _written(column, now))


def _written(column: str, value: Any) -> str:
    if column == "off":
        return str(_("Désactivée") if value else _("Activée"))
    if value in (None, "", [], False):
        return ""
    if value is True:
        return str(_("Oui"))
    if column == "choices":
        return ", ".join(in_language(each["label"]) if isinstance(each, dict) else str(each) for each in value)
    if column == "show_if":
        wanted = value.get("is", "yes")
        return f"{value['question']} = {', '.join(map(str, wanted if isinstance(wanted, list) else [wanted]))}"
    return _all_languages(value) if isinstance(value, dict) else str(value)


def _named(data: Mapping[str, Any]) -> str:
    label: Words = data["label"]
    return in_language(label)


def _all_languages(words: Mapping[str, str]) -> str:
    """The reader's own first, the others always in the same order."""
    return " / ".join(words[code] for code in sorted(words, key=lambda code: (code != get_language(), code)))
