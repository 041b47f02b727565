"""What search engines and other people's pages are told: a sitemap, data by nature, and a list to embed."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from kernel import clock
from tenant_apps.organisation.models import Profile
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import an_establishment
from tests.portal.people import Parent, words

JS = "/integration.js"


def embedded(client: HostClient, query: str = "") -> Any:
    return json.loads(client.get(f"/integration.json{query}").content)


def shared(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))


def structured(client: HostClient, slug: str) -> Any:
    page = client.get(f"/activites/{slug}").content.decode()
    return json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])


def test_the_sitemap_names_what_anybody_may_see_and_nothing_else(client: HostClient) -> None:
    an_establishment("École du Dôme", code="dome")
    an_offering(slug="visible")
    an_offering(slug="brouillon", status="draft")
    an_offering(slug="bientot", publishes_at=clock.now() + timedelta(days=1))

    answer = client.get("/sitemap.xml")
    page = answer.content.decode()

    assert answer["Content-Type"] == "application/xml"
    assert page.count("<loc>") == 4
    assert "<loc>http://a.localhost/activites/visible</loc>" in page
    assert "<loc>http://a.localhost/activites?ecole=dome</loc>" in page


def test_robots_are_told_of_the_sitemap_and_kept_from_the_familys_pages(client: HostClient) -> None:
    page = client.get("/robots.txt").content.decode()

    assert "Disallow: /mon-dossier\n" in page
    assert "Sitemap: http://a.localhost/sitemap.xml\n" in page


@pytest.mark.line("S3-10")
def test_the_short_address_of_a_school_leads_to_its_own_list(client: HostClient) -> None:
    an_establishment("École du Dôme", code="dome", help_text="Demandez Mme Roy.")

    answer = client.get("/ecoles/dome", follow=True)

    assert answer.redirect_chain == [("/activites?ecole=dome", 302)]
    assert "Demandez Mme Roy." in words(answer)
    assert client.get("/ecoles/inconnue").status_code == 404


@pytest.mark.parametrize(
    ("nature", "kind"),
    [("outing", "Event"), ("camp", "Event"), ("course", "Course"), ("fundraising", "Product"), ("consent", "WebPage")],
)
def test_structured_data_speak_of_the_nature(client: HostClient, nature: str, kind: str) -> None:
    an_option("Groupe A", offering=an_offering("Chose", slug="chose", nature=nature), price=1250)

    data = structured(client, "chose")

    assert (data["@type"], data["name"], data["inLanguage"]) == (kind, "Chose", "fr")
    assert [offer["price"] for offer in data.get("offers", [])] == ([] if kind == "WebPage" else ["12.50"])


def test_the_pages_say_their_one_address(client: HostClient) -> None:
    an_establishment(code="dome")

    page = client.get("/activites?ecole=dome&keywords=&page=1").content.decode()

    assert '<link rel="canonical" href="http://a.localhost/activites?ecole=dome">' in page


def test_an_offering_says_its_one_address_and_what_is_shown_where_it_is_shared(client: HostClient) -> None:
    an_offering(
        "Visite du <zoo>",
        slug="zoo",
        summary="Une journée dehors.",
        picture="offerings/zoo.webp",
        translations={"en": {"title": "A day at the zoo"}},
    )

    page = client.get("/activites/zoo?enfant=autre").content.decode()
    client.cookies["django_language"] = "en"
    translated = client.get("/activites/zoo").content.decode()

    assert '<link rel="canonical" href="http://a.localhost/activites/zoo">' in page
    assert shared(page) == {
        "url": "http://a.localhost/activites/zoo",
        "type": "website",
        "site_name": Profile.objects.get().name,
        "locale": "fr_CA",
        "title": "Visite du &lt;zoo&gt;",
        "description": "Une journée dehors.",
        "image": "http://a.localhost/images/offerings/zoo.webp",
    }
    assert structured(client, "zoo")["image"] == "http://a.localhost/images/offerings/zoo.webp"
    assert (shared(translated)["title"], shared(translated)["locale"]) == ("A day at the zoo", "en_CA")


def test_an_offering_without_a_picture_shares_none(client: HostClient) -> None:
    an_offering(slug="zoo")

    assert "image" not in shared(client.get("/activites/zoo").content.decode())


@pytest.mark.line("S1-02")
def test_the_list_can_be_read_from_any_page_without_a_cookie(client: HostClient) -> None:
    an_option(offering=an_offering("Mont-Cascade", slug="mont-cascade"), price=550)

    answer = client.get("/integration.json")

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert (dict(answer.cookies), answer.get("Vary", "")) == ({}, "")
    assert json.loads(answer.content)["activities"] == [
        {
            "title": "Mont-Cascade",
            "lang": "fr",
            "url": "http://a.localhost/activites/mont-cascade",
            "when": "",
            "state": "",
            "price": "5,50\u00a0$",
        }
    ]


def test_a_signed_in_parent_is_nobody_to_the_embedded_list(parent: Parent) -> None:
    an_option(offering=an_offering("Mont-Cascade"))

    signed_in = parent.client.get("/integration.json")

    assert signed_in.content == HostClient("a.localhost").get("/integration.json").content
    assert signed_in["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in signed_in


def test_a_language_chosen_elsewhere_changes_nothing_of_the_embedded_list(client: HostClient) -> None:
    an_option(offering=an_offering("Sortie", translations={"en": {"title": "Outing"}}))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert embedded(client)["activities"][0]["title"] == "Sortie"
    assert client.get("/integration.json?lang=en")["Content-Language"] == "en"


def test_the_embedded_list_is_narrowed_and_bounded(client: HostClient) -> None:
    school = an_establishment(code="dome")
    an_offering("Ici", establishments=[school])
    an_offering("Ailleurs", establishments=[an_establishment()])
    for number in range(60):
        an_offering(f"Partout {number}")

    assert len(embedded(client, "?nombre=9999")["activities"]) == 12
    assert len(embedded(client, "?nombre=50")["activities"]) == 50
    told = embedded(client, "?ecole=dome&nombre=3&lang=fr")
    assert len(told["activities"]) == 3
    assert told["all"]["url"] == "http://a.localhost/activites?ecole=dome"
    assert "Ailleurs" not in {each["title"] for each in embedded(client, "?ecole=dome&nombre=50")["activities"]}


def test_the_embedded_list_speaks_the_language_of_the_page_that_it_stands_on(client: HostClient) -> None:
    an_option(offering=an_offering("Sortie", translations={"en": {"title": "Outing"}}), places=0)

    [english] = embedded(client, "?lang=en-CA")["activities"]
    [unknown] = embedded(client, "?lang=zz")["activities"]

    assert (english["title"], english["lang"]) == ("Outing", "en")
    assert (unknown["title"], unknown["state"]) == ("Sortie", "Complet")


def test_one_organisation_never_tells_of_another(client: HostClient, organisation_b: Organisation) -> None:
    an_offering("Chez A")

    other = HostClient("b.localhost")

    assert "Chez A" not in other.get("/integration.json").content.decode()
    assert "Chez A" not in other.get("/activites").content.decode()
    assert "Chez A" not in other.get("/sitemap.xml").content.decode()


def test_the_script_is_at_an_address_that_never_changes(client: HostClient) -> None:
    answer = client.get(JS)

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert "attachShadow" in answer.content.decode()
