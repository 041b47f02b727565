"""Short marks that a page carries to say what it was made of, so that what changed meanwhile is noticed."""

import hashlib
import json
from typing import Any


def mark(said: Any) -> str:
    """The same for what JSON says alike."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
