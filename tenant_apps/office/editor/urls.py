"""The editor of offerings, under /gestion/activites/."""

from django.urls import path

from tenant_apps.office.editor.views import (
    begin,
    choices,
    conditions,
    history,
    payment,
    practices,
    presentation,
    publishing,
    rules,
    schedule,
    sharing,
    terms,
)

_EDIT = "activites/<slug:slug>/modifier"
_OPTION = f"{_EDIT}/choix/<uuid:option_id>"
_QUOTA = f"{_EDIT}/choix/partage/<uuid:quota_id>"
_WINDOW = f"{_EDIT}/conditions/periodes"
_RULES = f"{_EDIT}/regles/<slug:book_key>"

urlpatterns = [
    path("activites/nouvelle", begin.begin, name="new_offering"),
    path(_EDIT, presentation.edit, name="edit_offering"),
    path(f"{_EDIT}/presentation", presentation.edit_presentation, name="edit_presentation"),
    path(f"{_EDIT}/presentation/apercu", presentation.preview_presentation, name="preview_presentation"),
    path(f"{_EDIT}/apercu", presentation.preview_offering, name="preview_offering"),
    path(f"{_EDIT}/choix", choices.edit_options, name="edit_options"),
    path(f"{_EDIT}/choix/ajouter", choices.add_option, name="add_option"),
    path(f"{_EDIT}/choix/semaines", schedule.add_weeks, name="add_weeks"),
    path(f"{_EDIT}/choix/dates", schedule.add_dates, name="add_dates"),
    path(_OPTION, choices.edit_option, name="edit_option"),
    path(f"{_OPTION}/deplacer", choices.move_option, name="move_option"),
    path(f"{_OPTION}/rencontres", schedule.edit_meetings, name="edit_meetings"),
    path(f"{_EDIT}/choix/partage", sharing.edit_sharing, name="edit_sharing"),
    path(f"{_EDIT}/choix/partage/ajouter", sharing.edit_quota, name="add_quota"),
    path(_QUOTA, sharing.edit_quota, name="edit_quota"),
    path(f"{_QUOTA}/retirer", sharing.remove_quota, name="remove_quota"),
    path(f"{_EDIT}/conditions", conditions.edit_conditions, name="edit_conditions"),
    path(f"{_WINDOW}/ajouter", conditions.add_window, name="add_window"),
    path(f"{_WINDOW}/<int:index>", conditions.edit_window, name="edit_window"),
    path(f"{_WINDOW}/<int:index>/retirer", conditions.remove_window, name="remove_window"),
    path(f"{_RULES}/ajouter", rules.choose_kind, name="choose_rule"),
    path(f"{_RULES}/ajouter/<slug:kind>", rules.add_rule, name="add_rule"),
    path(f"{_RULES}/<int:index>", rules.edit_rule, name="edit_rule"),
    path(f"{_RULES}/<int:index>/deplacer", rules.move_rule, name="move_rule"),
    path(f"{_EDIT}/prix", terms.edit_terms, name="edit_terms"),
    path(f"{_EDIT}/paiement", payment.edit_payment, name="edit_payment"),
    path(f"{_EDIT}/inscriptions", practices.edit_practices, name="edit_practices"),
    path(f"{_EDIT}/inscriptions/<slug:kind>", practices.edit_policy, name="edit_policy"),
    path(f"{_EDIT}/publier", publishing.edit_publishing, name="edit_publishing"),
    path("activites/<slug:slug>/historique", history.history, name="offering_history"),
]
