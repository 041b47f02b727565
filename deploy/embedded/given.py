"""Services the user already has, named by the environment: used as they are, and looked at first."""

import os

import psycopg

from deploy.embedded.failure import Failure

PAYMENTS = ("STRIPE_API_BASE", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")
# For its page inside ours; without them its own page is used.
EMBEDDING = ("STRIPE_PUBLISHABLE_KEY", "STRIPE_JS_URL")


def database() -> str | None:
    """The address in DATABASE_URL. Raises Failure when no database answers there."""
    url = os.environ.get("DATABASE_URL")
    if url:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.Error as error:
            raise Failure(f"DATABASE_URL is set, but that database cannot be used: {error}") from error
    return url


def cache() -> str | None:
    """The address in REDIS_URL. Raises Failure when no Redis answers there."""
    url = os.environ.get("REDIS_URL")
    if url:
        # Here only: seldom needed, and slow to import.
        import redis

        try:
            redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5).ping()
        except (redis.RedisError, ValueError) as error:
            raise Failure(f"REDIS_URL is set, but that Redis cannot be used: {error}") from error
    return url


def resolvers() -> list[str]:
    """Who is asked what the DNS says, by DNS_RESOLVERS."""
    return [each for each in os.environ.get("DNS_RESOLVERS", "").split(",") if each]


def payments() -> dict[str, str] | None:
    """The payment processor of STRIPE_API_BASE. Raises Failure when its keys are missing."""
    if not os.environ.get("STRIPE_API_BASE"):
        return None
    missing = [name for name in PAYMENTS if not os.environ.get(name)]
    if missing:
        raise Failure(f"STRIPE_API_BASE is set: {' and '.join(missing)} must be set too.")
    return {name: os.environ[name] for name in (*PAYMENTS, *EMBEDDING) if os.environ.get(name)}
