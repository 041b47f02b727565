"""The forms of the preview: every kind of field, empty and failing."""

from __future__ import annotations

from django import forms

from shared_apps.design.fields import Quantity


class ChildForm(forms.Form):
    """Every kind of field."""

    first_name = forms.CharField(label="Prénom de l’élève")
    email = forms.EmailField(label="Courriel", help_text="Nous y envoyons la confirmation.")
    phone = forms.CharField(label="Téléphone en cas d’urgence", widget=forms.TelInput)
    born_on = forms.DateField(label="Date de naissance")
    level = forms.ChoiceField(label="Niveau scolaire", choices=[("", "Choisir"), ("1", "1re année"), ("2", "2e année")])
    lunch = forms.ChoiceField(
        label="Mon enfant dîne…",
        choices=[("s", "Au service de garde"), ("m", "À la maison")],
        widget=forms.RadioSelect,
    )
    help = forms.MultipleChoiceField(
        label="Je peux aider",
        choices=[("a", "Accompagner une sortie"), ("b", "Bénévole de l’équipe")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    allergic = forms.BooleanField(label="Mon enfant a une allergie", required=False)
    allergies = forms.CharField(
        label="Allergies", widget=forms.TextInput(attrs={"data-shown-when": "allergic"}), required=False
    )
    remarks = forms.CharField(label="Remarques", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    portions = forms.IntegerField(label="Portions", min_value=0, max_value=10, initial=2, widget=Quantity)
    photo = forms.FileField(label="Preuve de résidence", required=False)
    agree = forms.BooleanField(label="J’ai lu les conditions", help_text="Elles tiennent en une page.")

    def clean(self) -> None:
        """Refuse the whole form for one name, to show an error without a field."""
        super().clean()
        if self.cleaned_data.get("first_name") == "Personne":
            raise forms.ValidationError("Cet élève est déjà inscrit.")


class FilterForm(forms.Form):
    """Filters of the catalogue."""

    level = forms.ChoiceField(label="Niveau", choices=[("", "Tous les niveaux"), ("1", "1re année")], required=False)
    school = forms.ChoiceField(label="École", choices=[("", "Toutes les écoles")], required=False)
    words = forms.CharField(label="Mots-clés", required=False)
    open_now = forms.BooleanField(label="Ouvertes maintenant", required=False)


class ConsentForm(forms.Form):
    """A consent."""

    decision = forms.ChoiceField(
        label="Votre réponse",
        choices=[("yes", "Oui, j’autorise"), ("no", "Non, je refuse")],
        widget=forms.RadioSelect,
    )
    signature = forms.CharField(label="Votre nom, qui vaut signature")


class PortionForm(forms.Form):
    """One line of quantities."""

    quantity = forms.IntegerField(min_value=0, max_value=10, initial=0, widget=Quantity)
