"""The profile's form of one child, as this guardian may fill it in (S1-19, S1-50)."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.standing import Standing
from tenant_apps.forms import building
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.narrowing import without_health
from tenant_apps.forms.queries import profile_form
from tenant_apps.organisation import queries as organisation


class ChildSheet:
    """`version` is what is asked; `form` its Django form, with what came from an authentic source locked."""

    def __init__(
        self,
        guardian: Guardian,
        child: Participant | None,
        standing: Standing | None,
        data: QueryDict | None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None",
    ) -> None:
        self.version = _version(standing)
        made = building.form_class(
            self.version,
            establishments=organisation.establishments(),
            levels=organisation.levels(),
            owner=str(guardian.id),
        )
        self.form: DefinedForm = made(data, files, initial=building.initial_for(self.version, child, guardian))
        _lock(
            self.form,
            child.locked_fields if child else [],
            _("Vient de l’organisation\u202f: écrivez-lui pour le corriger."),
        )
        _lock(self.form, _of_guardian(guardian), _("Vient de votre pièce d’identité\u202f: ne se modifie pas ici."))

    @property
    def asked(self) -> set[str]:
        """The names of the questions that may be answered here."""
        return {name for name, field in self.form.fields.items() if not field.disabled}


def _version(standing: Standing | None) -> FormVersion:
    version = profile_form()
    return version if standing is None or standing.may_see_health else without_health(version)


def _of_guardian(guardian: Guardian) -> list[str]:
    return [f"guardian_{column}" for column in guardian.locked_fields]


def _lock(form: DefinedForm, names: list[Any], why: str) -> None:
    """Shown and not asked; the operations refuse it as well."""
    for name in names:
        field = form.fields.get(name)
        # What the source left empty is still the family's to say.
        if field is not None and form.initial.get(name) not in (None, ""):
            field.disabled = True
            field.required = False
            field.help_text = why
