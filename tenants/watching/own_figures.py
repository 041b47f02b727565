"""What the pulse says of every organisation, whatever its rooms: its mail, its events, its files."""

from datetime import timedelta
from pathlib import Path

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db.models import Count, Min, Q

from kernel import clock
from shared_apps.outbox.models import Event, Message, MessageStatus
from tenants.storage import LocalFiles, S3Files
from tenants.watching.pulse import Figures

_FILES_MEASURED_EVERY = timedelta(hours=1)
_WEEK = timedelta(days=7)


def mail() -> Figures:
    """The age is that of the oldest that should have gone: one that waits for its next attempt is not late."""
    at = clock.now()
    waiting, failed = Q(status=MessageStatus.QUEUED), Q(status=MessageStatus.FAILED)
    told = Message.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        failed=Count("pk", filter=failed),
        failed_week=Count("pk", filter=failed & Q(created_at__gte=at - _WEEK)),
        sent_week=Count("pk", filter=Q(status=MessageStatus.SENT, sent_at__gte=at - _WEEK)),
    )
    return {
        "mail_waiting": told["waiting"],
        "mail_oldest_seconds": max(int((at - told["oldest"]).total_seconds()), 0) if told["oldest"] else 0,
        "mail_failed": told["failed"],
        "mail_failed_week": told["failed_week"],
        "mail_sent_week": told["sent_week"],
    }


def events() -> Figures:
    at = clock.now()
    told = Event.objects.filter(handled_at=None).aggregate(waiting=Count("pk"), oldest=Min("created_at"))
    oldest = told["oldest"]
    return {
        "events_waiting": told["waiting"],
        "events_oldest_seconds": max(int((at - oldest).total_seconds()), 0) if oldest else 0,
    }


def files() -> Figures:
    """Measured once an hour: it asks the storage for all that is there."""
    seconds = int(_FILES_MEASURED_EVERY.total_seconds())
    measured: int = cache.get_or_set("watching/storage_bytes", _bytes_kept, seconds) or 0
    return {"storage_bytes": measured}


def _bytes_kept() -> int:
    storage = getattr(default_storage, "_wrapped", default_storage)
    if isinstance(storage, S3Files):
        return sum(each.size for each in storage.bucket.objects.filter(Prefix=f"{storage.location}/"))
    if isinstance(storage, LocalFiles):
        return sum(file.stat().st_size for file in Path(storage.location).rglob("*") if file.is_file())
    return 0
