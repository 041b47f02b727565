"""What the sandbox is started with."""

from dataclasses import dataclass
from pathlib import Path

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Addresses and secrets of one running sandbox."""

    database: Path
    secret_key: str
    webhook_url: str
    webhook_secret: str
    public_url: str
    port: int
