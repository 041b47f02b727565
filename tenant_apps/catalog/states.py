"""The life of an offering."""

from tenant_apps.catalog.models import Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PUBLISHED, Status.ARCHIVED}),
    # Published again is published at another moment.
    Status.PUBLISHED: frozenset({Status.PUBLISHED, Status.DRAFT, Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.DRAFT}),
}
