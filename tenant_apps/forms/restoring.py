"""The files that rows of this room name, looked for after a restore."""

from tenant_apps.forms.models import Upload


def files() -> list[str]:
    return list(Upload.objects.values_list("path", flat=True))
