"""What a family says when it asks: for whom, which one, its proofs, and in its own words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms.attachments import AttachmentField, upload_of
from tenant_apps.organisation.prices import Named

# In the list of for whom it is: everybody.
HOUSEHOLD = "famille"
_FILES = ("proof", "proof_2", "proof_3")
_MOST_WORDS = 2000


class RequestForm(forms.Form):
    """Three files at most: a lease and a bill, or the pages of one notice photographed one by one."""

    words = forms.CharField(
        label=gettext_lazy("Votre message"),
        max_length=_MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Mapping[str, Any] | None, files: Any, *, guardian: Guardian, needs_proof: bool) -> None:
        super().__init__(data, files)
        labels = (_("Document"), _("Deuxième document"), _("Troisième document"))
        for name, label in zip(_FILES, labels, strict=True):
            field = AttachmentField(owner=str(guardian.id))
            field.label, field.required = label, needs_proof and name == _FILES[0]
            field.error_messages["required"] = _("Joignez un document, ou prenez-le en photo.")
            self.fields[name] = field

    @property
    def upload_ids(self) -> list[UUID]:
        """Once the files are kept (forms.uploads)."""
        return [UUID(upload) for name in _FILES if (upload := upload_of(self.cleaned_data.get(name)))]


class ProofForm(RequestForm):
    """For the whole family, or for some of its children; `which` where there are several of the kind."""

    which = forms.ChoiceField(
        label=gettext_lazy("Laquelle"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez dans la liste.")},
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Pour qui"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Dites pour qui vous faites cette demande.")},
    )
    field_order = ["which", "people", *_FILES, "words"]

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        guardian: Guardian,
        children: Sequence[Participant],
        named: Sequence[Named],
    ) -> None:
        super().__init__(data, files, guardian=guardian, needs_proof=True)
        everybody = [(HOUSEHOLD, _("Toute ma famille"))]
        self.fields["people"].choices = [*everybody, *((str(child.id), str(child)) for child in children)]  # type: ignore[attr-defined]
        self.fields["people"].initial = [HOUSEHOLD]
        self.fields["which"].choices = [(each.key, in_language(each.label)) for each in named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["which"]
        elif len(named) == 1:
            self.fields["which"].initial = named[0].key
        self.order_fields(self.field_order)

    @property
    def participant_ids(self) -> list[UUID | None]:
        chosen: list[str] = self.cleaned_data["people"]
        return [None] if HOUSEHOLD in chosen else [UUID(each) for each in chosen]


class ChildRequestForm(RequestForm):
    """For one child, in one offering; `options` where the request says what is to be kept."""

    child = forms.ChoiceField(
        label=gettext_lazy("Pour qui"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites pour qui vous faites cette demande.")},
    )
    options = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que vous voulez réserver"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins un choix.")},
    )
    field_order = ["child", "options", "words", *_FILES]

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        guardian: Guardian,
        children: Sequence[Participant],
        options: Sequence[tuple[Option, str]] = (),
        chosen: str = "",
    ) -> None:
        super().__init__(data, files, guardian=guardian, needs_proof=False)
        self.fields["child"].choices = [(str(child.id), str(child)) for child in children]  # type: ignore[attr-defined]
        self.fields["child"].initial = chosen or (str(children[0].id) if len(children) == 1 else None)
        self.fields["words"].required = True
        self.fields["words"].error_messages["required"] = _("Écrivez quelques mots\u202f: ils aident à vous répondre.")
        self.fields["options"].choices = [(str(option.id), label) for option, label in options]  # type: ignore[attr-defined]
        if not options:
            del self.fields["options"]
        self.order_fields(self.field_order)
