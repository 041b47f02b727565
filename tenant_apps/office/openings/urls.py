"""The addresses of openings in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.openings import draws, moves, priorities, views

_ONE = "ouvertures/<uuid:opening_id>"
_GROUP = f"{_ONE}/priorites/<int:index>"

urlpatterns = [
    path("ouvertures", views.openings, name="openings"),
    path("ouvertures/nouvelle", views.edit, name="opening_add"),
    path(_ONE, views.opening, name="opening"),
    path(f"{_ONE}/modifier", views.edit, name="opening_edit"),
    path(f"{_ONE}/rythme", moves.pace, name="opening_pace"),
    path(f"{_ONE}/terminer", moves.end, name="opening_end"),
    path(f"{_ONE}/tirage", draws.draw, name="opening_draw"),
    path(f"{_ONE}/priorites", priorities.group, name="opening_group_add"),
    path(_GROUP, priorities.group, name="opening_group"),
    path(f"{_GROUP}/deplacer", priorities.move, name="opening_group_move"),
    path(f"{_GROUP}/regles", priorities.choose_rule, name="opening_group_rules"),
    path(f"{_GROUP}/regles/<slug:kind>", priorities.rule, name="opening_group_rule"),
    path(f"{_GROUP}/regles/<int:number>/retirer", priorities.remove_rule, name="opening_group_rule_remove"),
]
