"""Names of files that came from somebody else."""

_LEADS_OUT = '/\\:*?"<>|'


def safe(name: str) -> str:
    """No name leads out of its folder when an archive is opened."""
    kept = "".join("_" if letter in _LEADS_OUT or ord(letter) < 32 else letter for letter in name)
    return kept.lstrip(".") or "_"
