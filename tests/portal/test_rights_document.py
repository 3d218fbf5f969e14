"""What ``docs/rights.md`` says is what the site asks."""

import pytest
from django.core.management import CommandError, call_command

from communities import sections
from communities.roles import RIGHTS, Right, Role
from events import permits
from portal import rights
from updates import topics


def test_the_document_says_what_is_so() -> None:
    written = rights.DOCUMENT.read_text("utf-8")
    assert rights.render(written) == written, "write it with: manage.py rights_document"


def test_every_table_stands_in_it() -> None:
    assert {part[2] for part in rights.PART.finditer(rights.DOCUMENT.read_text("utf-8"))} == set(rights.TABLES)


def test_the_command_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("rights_document", "--check")
    monkeypatch.setitem(RIGHTS, Role.MEMBER, frozenset(Right))
    with pytest.raises(CommandError):
        call_command("rights_document", "--check")


@pytest.mark.parametrize("what", ["a role", "a page right", "a rule", "a topic"])
def test_whatever_changes_changes_the_document(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The twins: each of the sources."""
    if what == "a role":
        monkeypatch.setitem(RIGHTS, Role.LEADER, RIGHTS[Role.LEADER] | {Right.MANAGE_MEMBERS})
    elif what == "a page right":
        index = sections.indexes()[0]
        more = {**index.rights, Role.LEADER: frozenset({"publish_page"})}
        changed = sections.Index(index.page_class, index.make, more)
        monkeypatch.setitem(sections._registered, index.page_class, changed)
    elif what == "a rule":
        monkeypatch.setattr(permits, "may_run", lambda _person, _action: True)
    else:
        monkeypatch.setitem(topics._families, "road", permits.may_follow_desk)
    written = rights.DOCUMENT.read_text("utf-8")
    assert rights.render(written) != written
