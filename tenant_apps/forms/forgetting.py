"""Takes away answers, signatures and files; that something was answered, when and to which text stays."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from kernel.transactions import after_commit, operation
from tenant_apps.forms.models import Sealed, Submission, Upload
from tenants.effacing import efface


@operation
def forget_answers(*, participant_ids: Collection[UUID]) -> None:
    """All that was said of these participants."""
    submissions = Submission.objects.filter(participant_id__in=participant_ids)
    Sealed.objects.filter(submission__in=submissions).delete()
    efface(Submission, list(submissions.values_list("id", flat=True)))
    delete_uploads(Upload.objects.filter(participant_id__in=participant_ids))


@operation
def forget_signatures(*, guardian_ids: Collection[UUID]) -> None:
    """The name and the address on the network of who signed; what they signed for a child who stays is the child's."""
    signed = Submission.objects.filter(signer_id__in=guardian_ids)
    efface(Submission, list(signed.values_list("id", flat=True)), ["signed_name", "signed_from"])
    given = Upload.objects.filter(given_by_id__in=guardian_ids)
    delete_uploads(given.filter(participant=None))
    given.update(given_by=None)


@operation
def delete_uploads(uploads: QuerySet[Upload]) -> int:
    """The rows, and the files once their rows are gone for good."""
    paths = list(uploads.values_list("path", flat=True))
    uploads.delete()
    after_commit(lambda: _delete_files(paths))
    return len(paths)


def _delete_files(paths: Iterable[str]) -> None:
    for path in filter(None, paths):
        default_storage.delete(path)
