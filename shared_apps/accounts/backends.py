"""Who a session belongs to: allauth's way of signing in, and one read of the account, asked at each request."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from kernel.kept import kept, only
from shared_apps.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: UUID) -> User | None:
        user = only(_known(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None


@kept
def _known(user_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)
