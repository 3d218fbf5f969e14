"""The demo town's people and organisations, made by the deeds that people use.

Names of places and organisations come from the source article where it has them; people, school and company are invented.
Phone numbers begin with 100, which no mobile network uses.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from . import founding, membership, privacy
from .models import Organisation, User
from .roles import Role


@dataclass(frozen=True)
class Person:
    username: str
    display_name: str
    phone: str


CAST = (
    Person("admin", "运营者", "+8610000000001"),
    Person("mei", "梅芳", "+8610000000002"),
    Person("yan", "严宁", "+8610000000003"),
    Person("bo", "柏川", "+8610000000004"),
    Person("qiang", "强立", "+8610000000005"),
    Person("lan", "兰心", "+8610000000006"),
    Person("chen", "陈晨", "+8610000000007"),
    Person("lu", "陆平", "+8610000000008"),
    Person("zhou", "周宝", "+8610000000009"),
    Person("dana", "达娜", "+8610000000010"),
)
"""The accounts of the contract; all with the one demo password."""

NEIGHBOURS = tuple(
    Person(f"neighbour{number:02}", name, f"+86100000001{number:02}")
    for number, name in enumerate(
        (
            "孙平",
            "王敏",
            "李阿姨",
            "郑明",
            "钱进",
            "吴师傅",
            "冯小雨",
            "褚卫",
            "卫东",
            "蒋玉",
            "沈洁",
            "韩冬",
            "杨帆",
            "朱红",
        ),
        1,
    )
)
"""People who fill the shifts; nobody can log in as they do."""

DESK = (
    Person("gu", "顾明远", "+8610000000011"),
    Person("xu", "徐婉", "+8610000000012"),
)
"""Who takes reports in and who sends them out for the town; they come with the subdistrict, with the same password."""

COLLEAGUES = tuple(
    Person(f"colleague{number:02}", name, f"+86100000002{number:02}")
    for number, name in (
        *enumerate(("何静", "许峰", "金芳", "唐国强", "丁慧", "魏来", "秦朗", "曹敏"), 1),
        # Of the grid, numbered from eleven on.
        *enumerate(
            (
                "高建国",
                "潘秀英",
                "袁力",
                "龚海",
                "范琳",
                "汤勇",
                "彭悦",
                "鲁建平",
                "苏晓",
                "葛伟",
                "薛梅",
                "雷鸣",
                "倪娟",
                "殷志强",
                "毕文",
            ),
            11,
        ),
    )
)
"""People who answer for organisations beside the cast's and for places; nobody can log in as they do either."""


@dataclass(frozen=True)
class Party:
    name: str
    name_en: str
    short: str
    kind: Organisation.Kind
    coordinator: str
    others: tuple[tuple[str, Role], ...] = ()


PARTIES = (
    Party("玉祁城管", "Yuqi Urban Management", "城", Organisation.Kind.DEPARTMENT, "admin", (("lu", Role.LEADER),)),
    Party("玉祁社区", "Yuqi Community", "玉", Organisation.Kind.COMMUNITY, "mei", (("yan", Role.EDITOR),)),
    Party("示范初级中学", "Model Middle School", "学", Organisation.Kind.SCHOOL, "bo"),
    Party("示范制造有限公司", "Model Manufacturing Ltd", "企", Organisation.Kind.ENTERPRISE, "qiang"),
    Party(
        "聚力暖橙志愿队",
        "Warm Orange Volunteers",
        "暖",
        Organisation.Kind.GROUP,
        "admin",
        (("lan", Role.LEADER), ("chen", Role.MEMBER)),
    ),
)
"""Those that the cast works for."""

NEIGHBOURING_PARTIES = (
    Party("平湖社区", "Pinghu Community", "平", Organisation.Kind.COMMUNITY, "colleague01"),
    Party("玉西社区", "Yuxi Community", "西", Organisation.Kind.COMMUNITY, "colleague02"),
    Party("玉鑫社区", "Yuxin Community", "鑫", Organisation.Kind.COMMUNITY, "colleague03"),
    Party(
        "振祁路微路长商户组",
        "Merchants of Zhenqi Road",
        "振",
        Organisation.Kind.MERCHANTS,
        "colleague04",
        (("zhou", Role.LEADER),),
    ),
    Party("海瑞路微路长商户组", "Merchants of Hairui Road", "海", Organisation.Kind.MERCHANTS, "colleague05"),
    Party("湖西路微路长商户组", "Merchants of Huxi Road", "湖", Organisation.Kind.MERCHANTS, "colleague06"),
    Party("玉祁交警中队", "Yuqi Traffic Police", "警", Organisation.Kind.DEPARTMENT, "colleague07"),
    Party(
        "玉祁街道",
        "Yuqi Subdistrict",
        "街",
        Organisation.Kind.DEPARTMENT,
        "colleague08",
        (("gu", Role.MEMBER), ("xu", Role.MEMBER)),
    ),
)
"""Those beside them: the four communities of the town's middle are complete, the three pilot roads, the police, the subdistrict."""


def tell(password: str) -> None:
    """Make the cast and what it works for, where it is not there yet.

    A second time changes nothing, not even a password that somebody changed.
    """
    hashed, locked = make_password(password), make_password(None)
    _tell_people((person, hashed) for person in CAST)
    _tell_people((person, locked) for person in NEIGHBOURS)
    _tell_parties(PARTIES)


def tell_neighbours(password: str) -> None:
    """Make the organisations beside those of the cast, and their people, where they are not there yet."""
    hashed, locked = make_password(password), make_password(None)
    _tell_people((person, hashed) for person in DESK)
    _tell_people((person, locked) for person in COLLEAGUES)
    _tell_parties(NEIGHBOURING_PARTIES)


def _tell_people(people: Iterable[tuple[Person, str]]) -> None:
    for account in [_person(person, hashed_password) for person, hashed_password in people]:
        if not account.consents.exists():
            privacy.agree(person=account)


def _tell_parties(told: Iterable[Party]) -> None:
    people = User.objects.filter(is_demo=True).in_bulk(field_name="username")
    operator = people["admin"]
    for party in told:
        organisation = Organisation.objects.filter(name=party.name).first() or founding.found(
            name=party.name,
            name_en=party.name_en,
            short=party.short,
            kind=party.kind,
            coordinator=people[party.coordinator],
            by=operator,
        )
        founding.verify(organisation=organisation, by=operator)
        for username, role in party.others:
            membership.join(person=people[username], organisation=organisation, role=role, by=operator)


def _person(person: Person, hashed_password: str) -> User:
    account, _is_new = User.objects.get_or_create(
        username=person.username,
        defaults={
            "display_name": person.display_name,
            "phone": person.phone,
            "password": hashed_password,
            "is_demo": True,
            "is_superuser": person.username == "admin",
            "is_staff": person.username == "admin",
        },
    )
    return account
