"""Promotional codes as they are compared."""

from kernel.folding import fold


def fold_code(code: str) -> str:
    """Capitals, accents and spaces say nothing in a promotional code."""
    return "".join(fold(code).split())
