"""The file that the profile names, looked for after a restore."""

from tenant_apps.organisation.models import Profile


def files() -> list[str]:
    return list(Profile.objects.filter(logo__startswith="logos/").values_list("logo", flat=True))
