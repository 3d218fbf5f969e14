"""Who may do what, told in tables: what ``docs/rights.md`` shows is computed from what the site asks."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from communities import membership, sections
from communities.models import Organisation, User
from communities.roles import RIGHTS, WRITES_PAGES, Right, Role
from events import permits
from events.models import Action
from updates import topics

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "rights.md"
PART = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

VERBS = {
    "add_page": "add",
    "change_page": "change",
    "publish_page": "publish",
    "bulk_delete_page": "delete in bulk",
    "lock_page": "lock",
    "unlock_page": "unlock",
}
"""Wagtail's names of page rights, in words."""


def render(document: str) -> str:
    """``document`` with every table between its marks computed anew."""
    return PART.sub(lambda part: f"{part[1]}\n{TABLES[part[2]]()}\n\n{part[4]}", document)


def _roles() -> str:
    rows = [
        (f"{_both(right.label)} `{right.value}`", *(_yes(right in RIGHTS[role]) for role in Role), "yes")
        for right in Right
    ]
    rows.append(("enter the editor's admin", *(_yes(role in WRITES_PAGES) for role in Role), "yes"))
    return _table(("right in the own organisation", *_role_names(), "operator 运营者"), rows)


def _pages() -> str:
    rows = [
        (
            _both(index.page_class._meta.verbose_name or ""),
            *(_verbs(index.rights.get(role, ())) for role in Role),
            "all",
        )
        for index in sections.indexes()
    ]
    media = ", ".join(sorted(membership.MEDIA_VERBS))
    rows.append(("pictures and documents", *(media if role in WRITES_PAGES else "" for role in Role), "all"))
    return _table(("in the own section", *_role_names(), "operator 运营者"), rows)


def _actions() -> str:
    """What follows for one action, asked of the rule itself by somebody who holds the role in its host."""
    host = Organisation(pk=1)
    draft, announced = Action(host=host, state=Action.State.DRAFT), Action(host=host, state=Action.State.ANNOUNCED)
    questions: Mapping[str, Callable[[User], bool]] = {
        "see a draft": lambda person: permits.may_see(person, draft),
        "write a draft": lambda person: permits.may_compose(person, draft),
        "write what is announced": lambda person: permits.may_compose(person, announced),
        "announce, move, call off": lambda person: permits.may_announce(person, draft),
        "run the desk, see who comes, look up a phone": lambda person: permits.may_run(person, announced),
    }
    people = [_somebody(host, RIGHTS[role]) for role in Role]
    rows = [
        (question, *(_yes(may(person)) for person in (*people, User(is_superuser=True), _somebody(host, ()))))
        for question, may in questions.items()
    ]
    return _table(("an action of the own organisation", *_role_names(), "operator 运营者", "everybody else"), rows)


def _topics() -> str:
    rows = [(f"`{family}`", _sentence(may_follow)) for family, may_follow in topics.families()]
    return _table(("topic", "who may follow it"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "roles": _roles,
    "pages": _pages,
    "actions": _actions,
    "topics": _topics,
}


def _somebody(host: Organisation, rights: Iterable[Right]) -> User:
    """Somebody with these rights in one organisation, who stands in no database."""
    person = User()
    person.__dict__["_organisation_rights"] = {host.pk: frozenset(rights)}
    return person


def _sentence(may_follow: topics.MayFollow) -> str:
    """The promise of a rule: the first paragraph of its docstring."""
    paragraph = (may_follow.__doc__ or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.replace("``", "`").split())


def _role_names() -> list[str]:
    return [_both(role.label) for role in Role]


def _both(words: str | Promise) -> str:
    """The English word with the Chinese one beside it."""
    told = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told.append(str(words))
    return " ".join(dict.fromkeys(told))


def _verbs(rights: Iterable[str]) -> str:
    return ", ".join(VERBS[name] for name in sorted(rights, key=list(VERBS).index))


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
