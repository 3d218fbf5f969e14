"""What programs read of organisations."""

from django.test import Client

from communities import founding
from communities.models import Organisation
from tests.cast import Town

LIST = "/api/v1/organisations/"


def told(organisation: Organisation, slug: str, **more: object) -> dict[str, object]:
    return {
        "id": organisation.pk,
        "url": f"http://testserver/organisations/{slug}/",
        "name": organisation.name,
        **more,
        "verified": True,
    }


def test_organisations_are_told_whole(town: Town, visitor: Client) -> None:
    assert visitor.get(LIST).json() == {
        "count": 5,
        "next": None,
        "previous": None,
        "results": [
            told(town.chengguan, "yu-qi-cheng-guan", short="城", kind="department"),
            told(town.yuqi, "yu-qi-she-qu", short="玉", kind="community"),
            told(town.school, "shi-fan-chu-ji-zhong-xue", short="学", kind="school"),
            told(town.enterprise, "shi-fan-zhi-zao-you-xian-gong-si", short="企", kind="enterprise"),
            told(town.group, "ju-li-nuan-cheng-zhi-yuan-dui", short="暖", kind="group"),
        ],
    }


def test_they_are_narrowed_to_a_kind(town: Town, visitor: Client) -> None:
    listed = visitor.get(LIST, {"kind": "school"}).json()
    assert [row["id"] for row in listed["results"]] == [town.school.pk]
    assert visitor.get(LIST, {"kind": "guild"}).json()["errors"].keys() == {"kind"}


def test_one_is_told_as_in_the_list(town: Town, visitor: Client) -> None:
    listed = visitor.get(LIST).json()["results"]
    assert [visitor.get(f"{LIST}{row['id']}/").json() for row in listed] == listed


def test_the_address_is_that_of_its_page(town: Town, visitor: Client) -> None:
    for row in visitor.get(LIST).json()["results"]:
        assert visitor.get(row["url"]).status_code == 200


def test_an_unverified_one_says_so(town: Town, visitor: Client) -> None:
    shop = founding.found(name="湖西路商家联盟", kind=Organisation.Kind.MERCHANTS, coordinator=town.zhou, by=town.admin)
    answer = visitor.get(f"{LIST}{shop.pk}/").json()
    assert (answer["short"], answer["kind"], answer["verified"]) == ("湖", "merchants", False)


def test_one_whose_page_was_taken_down_is_not_there(town: Town, visitor: Client) -> None:
    town.school.section.specific.unpublish()
    assert Organisation.objects.filter(pk=town.school.pk).exists()
    assert town.school.name not in visitor.get(LIST).content.decode()
    assert visitor.get(f"{LIST}{town.school.pk}/").status_code == 404


def test_no_member_and_no_phone_is_told(town: Town, visitor: Client) -> None:
    Organisation.objects.filter(pk=town.yuqi.pk).update(phone="0510-00000000")
    text = visitor.get(LIST).content.decode()
    assert [secret for secret in ("0510-00000000", "梅芳", "严宁", "+861000") if secret in text] == []
