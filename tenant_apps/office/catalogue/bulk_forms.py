"""What may be done to many offerings at once: for each action a small form, and the change that it asks for."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from tenant_apps.catalog.models import Category, Season
from tenant_apps.catalog.operations import bulk
from tenant_apps.catalog.operations.bulk import Edit
from tenant_apps.office.editor.forms.moments import DayField, MomentField
from tenant_apps.office.editor.forms.tags import TagsField


class ActionForm(forms.Form):
    title: ClassVar[str | Promise]

    def edit(self) -> Edit:
        """Only after `is_valid`."""
        # Each action has its own; a form's metaclass leaves no room for an abstract method.
        raise NotImplementedError


class PublishForm(ActionForm):
    title = gettext_lazy("Publier maintenant")

    def edit(self) -> Edit:
        return bulk.publish()


class ScheduleForm(ActionForm):
    title = gettext_lazy("Prévoir la publication")
    publishes_at = MomentField(label=gettext_lazy("Date et heure de publication"))

    def clean_publishes_at(self) -> Any:
        moment = self.cleaned_data["publishes_at"]
        if moment <= clock.now():
            raise forms.ValidationError(_("Ce moment est passé\u202f: choisissez-en un à venir."))
        return moment

    def edit(self) -> Edit:
        return bulk.publish(self.cleaned_data["publishes_at"])


class ArchiveForm(ActionForm):
    title = gettext_lazy("Archiver")

    def edit(self) -> Edit:
        return bulk.archive()


class ColumnForm(ActionForm):
    """One field, of the same name as the column that it changes."""

    def edit(self) -> Edit:
        return bulk.change(self.cleaned_data)


class SeasonForm(ColumnForm):
    title = gettext_lazy("Changer de saison")
    season = forms.ModelChoiceField(
        Season.objects.order_by("-starts_on", "name"),
        label=gettext_lazy("Saison"),
        required=False,
        empty_label=gettext_lazy("Aucune"),
    )


class CategoryForm(ColumnForm):
    title = gettext_lazy("Changer de catégorie")
    category = forms.ModelChoiceField(
        Category.objects.all(),
        label=gettext_lazy("Catégorie"),
        required=False,
        empty_label=gettext_lazy("Aucune"),
        to_field_name="slug",
    )


class OpeningForm(ColumnForm):
    title = gettext_lazy("Changer l’ouverture des inscriptions")
    opens_at = MomentField(
        label=gettext_lazy("Ouverture des inscriptions"),
        required=False,
        help_text=gettext_lazy("Laissez vide pour ouvrir dès la publication."),
    )


class DeadlineForm(ColumnForm):
    title = gettext_lazy("Changer la date limite")
    deadline_on = DayField(
        label=gettext_lazy("Date limite"),
        required=False,
        help_text=gettext_lazy("Ce jour-là compris. Laissez vide s’il n’y en a pas."),
    )


class TagsForm(ActionForm):
    title = gettext_lazy("Ajouter ou retirer des mots-clés")
    added = TagsField(label=gettext_lazy("Mots-clés à ajouter"), help_text=gettext_lazy("Séparés par des virgules."))
    removed = TagsField(label=gettext_lazy("Mots-clés à retirer"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not said["added"] and not said["removed"]:
            self.add_error("added", _("Écrivez au moins un mot-clé."))
        return said

    def edit(self) -> Edit:
        return bulk.tag(added=self.cleaned_data["added"], removed=self.cleaned_data["removed"])


ACTIONS: dict[str, type[ActionForm]] = {
    "publish": PublishForm,
    "schedule": ScheduleForm,
    "archive": ArchiveForm,
    "season": SeasonForm,
    "category": CategoryForm,
    "opening": OpeningForm,
    "deadline": DeadlineForm,
    "tags": TagsForm,
}
