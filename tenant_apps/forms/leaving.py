"""What forms give to an organisation that takes everything with it: proofs of consent, and what families attached."""

from collections.abc import Iterator

from kernel import names
from shared_apps.vault.sealing import Unreadable
from tenant_apps.forms import proof, uploads
from tenant_apps.forms.models import Submission, Upload
from tenant_apps.organisation import queries as organisation

_LETTERS = 120


def proofs() -> Iterator[tuple[str, bytes]]:
    """In the language that was signed."""
    signed = Submission.objects.exclude(decision="").order_by("submitted_at", "id")
    for pk in signed.values_list("pk", flat=True):
        found = Submission.objects.select_related("version__form", "participant").get(pk=pk)
        content = proof.pdf(found, organisation.profile(), signer=found.signed_name, language=found.language or "fr")
        yield f"autorisations/{found.pk}.pdf", content


def attachments() -> Iterator[tuple[str, bytes]]:
    """Opened. One that is gone or cannot be opened is said to be so, in its place."""
    for upload in Upload.objects.exclude(path="").order_by("pk"):
        path = f"pieces-jointes/{upload.pk}/{names.safe(upload.name)[-_LETTERS:]}"
        try:
            content = uploads.content(upload)
        except Unreadable:
            content = None
        yield (path, content) if content is not None else (f"{path}.manquant.txt", b"")
