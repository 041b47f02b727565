"""Categories: their order, their names in each language, and a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.lines import LineField
from shared_apps.design.posting import posted
from tenant_apps.catalog.errors import CategoryTaken
from tenant_apps.catalog.models import Category
from tenant_apps.catalog.operations import categories
from tenant_apps.office.catalogue import languages
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation.context import profile_of

_MOVES = {"up": -1, "down": 1}


class CategoryForm(forms.Form):
    name = LineField(label=gettext_lazy("Nom"), max_length=100)

    def __init__(self, data: Any, *, category: Category | None, others: dict[str, str]) -> None:
        super().__init__(data)
        self.category, self.others = category, others
        kept = {code: told.get("name", "") for code, told in category.translations.items()} if category else {}
        languages.add_fields(self, "name", others, kept={**kept, "fr": category.name if category else ""})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        known = Category.objects.exclude(pk=self.category.pk) if self.category else Category.objects.all()
        if known.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Une autre catégorie porte déjà ce nom."))
        return name

    @property
    def columns(self) -> dict[str, Any]:
        """A language that the organisation no longer offers keeps its words."""
        kept = {} if self.category is None else self.category.translations
        unasked = {code: told for code, told in kept.items() if code not in self.others}
        said = languages.translations(self.cleaned_data, ["name"], self.others)
        return {"name": self.cleaned_data["name"], "translations": {**unasked, **said}}


@staff(*CHANGES)
def listed(request: HttpRequest) -> HttpResponse:
    found = Category.objects.annotate(offerings=Count("offering"))
    context = {"categories": found, "others": languages.others_of(profile_of(request))}
    return page(request, "office/catalogue/categories.html", context, section="offerings")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A new one where none is named. Its address stays: families may have kept it."""
    known = get_object_or_404(Category, slug=slug) if slug else None
    form = CategoryForm(
        posted(request),
        category=known,
        others=languages.others_of(profile_of(request)),
    )
    if request.method == "POST" and form.is_valid() and _is_saved(request, known, form):
        messages.success(request, _("La catégorie est enregistrée."))
        return redirect("office:categories")
    status = 422 if form.errors else 200
    context = {"form": form, "category": known}
    return page(request, "office/catalogue/category.html", context, section="offerings", status=status)


@staff(*CHANGES)
@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """One place up or down; at either end it stays where it is."""
    found = get_object_or_404(Category, slug=slug)
    order = list(Category.objects.values_list("pk", flat=True))
    place = order.index(found.pk)
    there = min(max(place + _MOVES.get(request.POST.get("to", ""), 0), 0), len(order) - 1)
    order.insert(there, order.pop(place))
    categories.order_categories(category_ids=order, actor=actor_of(request), at=clock.now())
    return redirect("office:categories")


def _is_saved(request: HttpRequest, known: Category | None, form: CategoryForm) -> bool:
    actor, at = actor_of(request), clock.now()
    try:
        if known is None:
            categories.add_category(**form.columns, actor=actor, at=at)
        else:
            categories.change_category(category_id=known.pk, columns=form.columns, actor=actor, at=at)
    except CategoryTaken as refusal:
        form.add_error("name", str(refusal))
    return form.is_valid()
