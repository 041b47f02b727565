"""What is done for every room: no letter goes twice, and files that rows name are there."""

from typing import Any

from django.core.files.storage import default_storage

from shared_apps.outbox.models import Message, MessageStatus
from shared_apps.vault import rotation
from tenants.restoring.rooms import FILES, Scene

_SENT = """
    UPDATE {own}.outbox_message AS here SET status = 'sent', sent_at = there.sent_at, last_error = ''
      FROM {wrecked}.outbox_message AS there
     WHERE there.id = here.id AND there.status = 'sent' AND here.status <> 'sent' RETURNING here.id
"""
# Their causes may come again: by its key, a letter that was sent is not written anew.
_REMEMBERED = """
    INSERT INTO {own}.outbox_message (id, unique_key, recipient, sender_name, reply_to, language, subject, text, html,
                                      attachments, status, created_at, due_at, sent_at, attempts, last_error)
    SELECT id, unique_key, recipient, sender_name, reply_to, language, subject, text, html,
           attachments, status, created_at, due_at, sent_at, attempts, last_error
      FROM {wrecked}.outbox_message WHERE status = 'sent' AND sent_at >= %s
    ON CONFLICT DO NOTHING RETURNING id
"""


def keys(scene: Scene) -> dict[str, Any]:
    """Those of then may be wrapped with a key that the platform has changed since. Raises KeyLost."""
    return {"wrapped_anew": rotation.wrap_anew()}


def messages(scene: Scene) -> dict[str, Any]:
    """What was sent since stays sent; what waited then and was not sent waits again."""
    return {
        "sent_since": len(scene.rows("outbox_message", _SENT)),
        "remembered": len(scene.rows("outbox_message", _REMEMBERED, scene.since)),
        "waiting": Message.objects.filter(status=MessageStatus.QUEUED).count(),
    }


def files(scene: Scene) -> dict[str, Any]:
    """The storage is not brought back: what was deleted since is gone, what came since stays."""
    named = sorted({path for _, names in FILES for path in names() if path})
    return {"named": len(named), "missing": [path for path in named if not default_storage.exists(path)]}


def attached() -> list[str]:
    waiting = Message.objects.filter(status=MessageStatus.QUEUED).exclude(attachments=[])
    return [each["path"] for attachments in waiting.values_list("attachments", flat=True) for each in attachments]
