"""The test suite: real services found by tests/conftest.py, quick password hashes, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "for tests only, never used to serve anyone")
os.environ.setdefault("DATABASE_URL", "postgresql://app:app@127.0.0.1:1/preau")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ.setdefault("STRIPE_SECRET_KEY", "sk_test_preau")
os.environ.setdefault("STRIPE_WEBHOOK_SECRET", "whsec_preau")
os.environ.setdefault("EMAIL_URL", "smtp://localhost")

from config.settings.development import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ROBOT_COST = 1
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
