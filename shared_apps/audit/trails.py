"""Entries of the trail as a page lists them: when, what in words, and by whom."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise

from shared_apps.audit.models import Entry

Words = Mapping[str, str | Promise]


def told(entries: Iterable[Entry], words: Words) -> list[dict[str, object]]:
    """In the order given, with what was typed to say why, where something was (`details["words"]`).

    `words` are the actions' names, and an action without one goes by its code.
    """
    return [
        {
            "at": entry.at,
            "title": words.get(entry.action, entry.action),
            "text": " · ".join(filter(None, (entry.actor_label, entry.details.get("words")))),
        }
        for entry in entries
    ]
