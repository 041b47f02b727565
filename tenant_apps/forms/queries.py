"""Reads forms in the version that is in force."""

from uuid import UUID

from tenant_apps.forms.models import FormVersion, Purpose


def current_version(form_id: UUID) -> FormVersion:
    """Raises FormVersion.DoesNotExist for a form that was never published."""
    return FormVersion.objects.select_related("form").filter(form_id=form_id).latest("number")


def profile_form() -> FormVersion:
    """The record that every participant has. Raises FormVersion.DoesNotExist where no preset gave one."""
    return FormVersion.objects.select_related("form").filter(form__purpose=Purpose.PROFILE).latest("number")
