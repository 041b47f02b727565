"""Who may sign in. An account belongs to one organisation; a person of two organisations has two."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from kernel import clock
from kernel.database import connection
from kernel.models import Row
from shared_apps.accounts import codes


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Row, AbstractBaseUser):
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, blank=True)
    # S2-02: what some people sign in with instead of an address. Given by the organisation, never chosen.
    code = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_whatever_the_case"),
            models.UniqueConstraint(name="user_code", fields=["code"], condition=~models.Q(code="")),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.code:
            self.code = codes.new()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Any:
        from django.conf import settings

        return (self._session_hash(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes | None) -> str:
        # The organisation is in the hash: an equal key and password elsewhere do not make an equal session.
        salt = f"preau.session.{connection.schema_name}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class Remembered(models.Model):
    """What the cache counts while Redis is gone: limits of attempts must hold in every process (tenants.cache)."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
