"""Presets: four complete starting points, each read without a fault."""

import pytest
from django.utils.translation import override

from tenant_apps.catalog.models import Category
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import FormVersion
from tenant_apps.organisation import operations, queries, rules
from tenant_apps.organisation.presets import files
from tenants.context import in_organisation
from tenants.operations.create import create
from tenants.operations.provision import provision

KEYS = ["city_qc", "commune_be", "school_board_on", "school_board_qc"]


def test_there_is_one_for_each_kind_of_organisation() -> None:
    assert files.keys() == KEYS


def test_another_is_refused_by_name() -> None:
    with pytest.raises(files.UnknownPreset, match="no preset is named 'moon_base'"):
        files.load("moon_base")


@pytest.mark.usefixtures("organisation_a")
@pytest.mark.parametrize("key", KEYS)
def test_it_gives_levels_categories_rules_and_a_record_to_fill_in(key: str) -> None:
    profile = operations.apply_preset(key=key, name="Organisation A")

    read = rules.read(profile.rules)
    assert read.checkout in {"direct", "basket"}
    assert queries.levels().count() >= 5
    assert Category.objects.count() >= 4
    assert forms.profile_form().form.key == "dossier"
    assert profile.preset == key


@pytest.mark.usefixtures("organisation_a")
def test_given_again_it_changes_nothing() -> None:
    operations.apply_preset(key="school_board_qc", name="Organisation A")
    levels, versions = list(queries.levels()), FormVersion.objects.count()

    operations.apply_preset(key="school_board_qc", name="Organisation A")

    assert (list(queries.levels()), FormVersion.objects.count()) == (levels, versions)


@pytest.mark.parametrize(
    ("key", "guests", "checkout", "hold_minutes", "currency"),
    [
        pytest.param("school_board_qc", True, "direct", 60, "cad", marks=pytest.mark.line("S1-09", "S1-48")),
        pytest.param("city_qc", False, "basket", 30, "cad", marks=pytest.mark.line("S2-10")),
        pytest.param("school_board_on", False, "basket", 120, "cad", marks=pytest.mark.line("S3-01")),
        pytest.param("commune_be", False, "basket", 3 * 24 * 60, "eur", marks=pytest.mark.line("S4-33")),
    ],
)
def test_practices_are_those_of_its_guide(
    key: str, guests: bool, checkout: str, hold_minutes: int, currency: str
) -> None:
    profile = files.load(key)["profile"]
    read = rules.read(profile["rules"])

    assert (read.accepts_guests, read.checkout, read.hold_minutes) == (guests, checkout, hold_minutes)
    assert profile["currency"] == currency


def test_a_label_is_the_organisation_s_own_in_the_reader_s_language() -> None:
    read = rules.read(files.load("city_qc")["profile"]["rules"])

    with override("fr"):
        assert read.label("checkout") == "Passer à la caisse"
    with override("en"):
        assert read.label("checkout") == "Check out"
    with override("nl"):
        assert read.label("checkout") == "Passer à la caisse"
    assert read.label("unheard_of", "Continuer") == "Continuer"


@pytest.mark.django_db
def test_a_new_organisation_starts_from_the_preset_it_was_ordered_with() -> None:
    organisation = provision(organisation_id=create(name="Commune de Brimont", slug="brimont", preset="commune_be").id)

    with in_organisation(organisation):
        profile = queries.profile()
    assert (profile.name, profile.currency, profile.territory) == ("Commune de Brimont", "eur", "BE")


@pytest.mark.usefixtures("organisation_a")
def test_without_a_preset_there_is_a_bare_profile() -> None:
    profile = queries.profile()

    assert (profile.name, profile.preset, profile.rules) == ("Organisation A", "", {})
    assert rules.read(profile.rules) == rules.Rules()
