"""Takes away an account, with its ways in, its devices and its sessions."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from kernel.transactions import operation
from shared_apps.accounts.models import User


@operation
def forget_account(*, user_id: UUID) -> None:
    keys = UserSession.objects.filter(user_id=user_id).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()
    User.objects.filter(id=user_id).delete()
