"""What comes round: sessions, devices and counts that are out of date go."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from kernel.tasks import even_suspended
from shared_apps.accounts.models import Remembered


@shared_task(name=even_suspended("accounts.sweep"))
def sweep() -> None:
    # By the machine's clock, which wrote them.
    now = timezone.now()
    Remembered.objects.filter(expires_at__lte=now).delete()
    Session.objects.filter(expire_date__lte=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
