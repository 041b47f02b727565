"""What the pulse says of the books (tenants.watching)."""

from tenant_apps.accounting.models import Book, LineStatus, StatementLine


def counted() -> dict[str, int]:
    """Differences with the processor's books, and lines of the bank that nobody has placed."""
    lines = StatementLine.objects.filter(status=LineStatus.OPEN)
    return {
        "breaks_open": lines.filter(book=Book.PROCESSOR).count(),
        "bank_lines_open": lines.exclude(book=Book.PROCESSOR).count(),
    }
