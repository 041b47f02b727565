"""What staff type for each kind of price rule, what is kept of it, and how it is said."""

import pytest

from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.pricing import checking, words
from tenant_apps.catalog.pricing.checking import UnknownPriceRule
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.pricing.pricing import price
from tenant_apps.organisation import queries as organisation
from tests.catalog.prices import TODAY, TPS, TVA, a_line, tables
from tests.factories.organisation import an_organisation_profile

PERCENT = {"percent": "-10"}


@pytest.fixture(autouse=True)
def profile(organisation_a):
    an_organisation_profile(
        rules={
            "prices": {
                "income_bands": [{"key": "low", "label": {"fr": "Revenu modeste", "en": "Low income"}}],
                "subsidies": [{"key": "acces", "label": "Accès-Loisirs"}],
            }
        }
    )


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "said"),
    [
        (
            "residence",
            {"residence": "non_resident", "percent": "12,5"},
            {"residence": "non_resident", "percent": "12.5"},
            "Pour les non-résidents : + 12,5 %.",
        ),
        (
            "residence",
            {"residence": "resident", "cents": "-20,50"},
            {"residence": "resident", "cents": -2050},
            "Pour les résidents : − 20,50 $.",
        ),
        (
            "early",
            {"until_on": "2027-05-01", **PERCENT},
            {"until_on": "2027-05-01", **PERCENT},
            "Jusqu’au 1er mai 2027 : − 10 %.",
        ),
        (
            "late",
            {"from_on": "2027-06-15", "cents": "15"},
            {"from_on": "2027-06-15", "cents": 1500},
            "À partir du 15 juin 2027 : + 15,00 $.",
        ),
        (
            "income",
            {"band": "low", "percent": "-50", "minimum_cents": "10", "maximum_cents": "90"},
            {"band": "low", "percent": "-50", "minimum_cents": 1000, "maximum_cents": 9000},
            "Pour « Revenu modeste » : − 50 %, de 10,00 $ à 90,00 $.",
        ),
        (
            "income",
            {"band": "low", "percent": "-50", "maximum_cents": "90"},
            {"band": "low", "percent": "-50", "maximum_cents": 9000},
            "Pour « Revenu modeste » : − 50 %, jamais plus de 90,00 $.",
        ),
        (
            "subsidy",
            {"subsidy": "acces", "percent": "-100", "maximum_cents": "150"},
            {"subsidy": "acces", "percent": "-100", "maximum_cents": 15000},
            "Avec « Accès-Loisirs » : − 100 %, au plus 150,00 $.",
        ),
        (
            "promotion",
            {"code": "ETE", "from_on": "2027-05-01", "until_on": "2027-05-31", **PERCENT},
            {"code": "ETE", "from_on": "2027-05-01", "until_on": "2027-05-31", **PERCENT},
            "Avec le code « ETE », du 1er mai 2027 au 31 mai 2027 : − 10 %.",
        ),
        ("promotion", {"code": "ETE", **PERCENT}, {"code": "ETE", **PERCENT}, "Avec le code « ETE » : − 10 %."),
    ],
)
def test_what_is_typed_is_kept_as_json_and_said_in_one_sentence(kind, typed, kept, said):
    form = PRICE_KINDS[kind].form(data=typed)

    assert form.is_valid(), form.errors
    rule = form.rule(kind)
    assert rule == {"kind": kind, **kept}
    assert plain(PRICE_KINDS[kind].explain(rule)) == said
    checking.check([rule])


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("residence", {"residence": "non_resident"}, "percent"),
        ("residence", {"residence": "non_resident", "percent": "10", "cents": "5"}, "percent"),
        ("residence", {"residence": "elsewhere", **PERCENT}, "residence"),
        ("early", PERCENT, "until_on"),
        ("late", {"from_on": "hier", **PERCENT}, "from_on"),
        ("income", {"band": "high", **PERCENT}, "band"),
        ("income", {"band": "low"}, "percent"),
        ("income", {"band": "low", **PERCENT, "minimum_cents": "9", "maximum_cents": "8"}, "maximum_cents"),
        ("subsidy", {"subsidy": "acces", "percent": "-101"}, "percent"),
        ("promotion", {"code": "", **PERCENT}, "code"),
        ("promotion", {"code": "x", "from_on": "2027-05-02", "until_on": "2027-05-01", **PERCENT}, "until_on"),
    ],
)
def test_what_means_nothing_is_refused_at_its_field(kind, typed, field):
    form = PRICE_KINDS[kind].form(data=typed)

    assert list(form.errors) == [field]
    with pytest.raises(checking.BadPriceRule):
        checking.check([{"kind": kind, **typed}])


def test_a_rule_of_no_kind_is_refused():
    with pytest.raises(UnknownPriceRule):
        checking.check([{"kind": "moon"}])


def test_an_amount_that_is_kept_is_shown_as_it_was_typed():
    form = PRICE_KINDS["late"].form(initial={"from_on": "2027-06-15", "cents": 1550})

    assert 'value="15,50"' in str(form["cents"])


def test_families_are_told_of_every_rule_but_the_codes_and_of_the_scheme():
    rules = [{"kind": "early", "until_on": "2027-05-01", **PERCENT}, {"kind": "promotion", "code": "ETE", **PERCENT}]
    offering = Offering(pricing={"rules": rules, "family": "fratrie"})

    assert [plain(each) for each in words.told(offering, tables(discounts=(0, 10, 20), cap=50000))] == [
        "Jusqu’au 1er mai 2027 : − 10 %.",
        "Pour la 2e personne de la famille : rabais de 10 %.",
        "À partir de la 3e personne de la famille : rabais de 20 %.",
        "Pour toute la famille, jamais plus de 500,00 $ avant taxes.",
    ]


def test_every_step_has_its_words():
    scheme = tables(TPS, TVA, discounts=(10,), cap=5000)
    line = a_line(5000, quantity=2, pricing={"tax": "goods", "family": "fratrie"})
    [quote] = price([line], tables=scheme, on=TODAY)

    assert [plain(words.label(step)) for step in quote.steps] == [
        "2 × 50,00 $",
        "Fratrie : 1re personne, rabais de 10 %",
        "Fratrie : jamais plus de 50,00 $ par famille",
        "TPS, 5 %",
        "Dont TVA, 21 % : 8,68 $",
    ]


def test_a_band_that_is_no_more_is_said_by_its_key():
    profile = organisation.profile()
    profile.rules["prices"]["income_bands"] = []
    profile.save()

    assert "low" in PRICE_KINDS["income"].explain({"kind": "income", "band": "low", "percent": "-5"})
