"""Gathering the texts to translate: what is found, what is kept, what is refused."""

import gettext
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

PO = "locale/zh_Hans/LC_MESSAGES/django.po"
MO = "locale/zh_Hans/LC_MESSAGES/django.mo"

Run = Callable[..., str]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "garden"
    (folder / "templates/garden").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    return folder


@pytest.fixture
def run(room: Path, settings: Any) -> Run:
    settings.BASE_DIR = room.parent
    settings.LOCALE_PATHS = [room / "locale"]

    def messages(*args: str, **options: Any) -> str:
        out, err = StringIO(), StringIO()
        call_command("messages", *args, stdout=out, stderr=err, **options)
        return out.getvalue() + err.getvalue()

    return messages


def translate(room: Path, english: str, chinese: str) -> None:
    file = room / PO
    text = file.read_text("utf-8")
    for empty in (f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgid_plural "{english}s"\nmsgstr[0] ""'):
        text = text.replace(empty, empty.removesuffix('""') + f'"{chinese}"')
    assert f'"{chinese}"' in text
    file.write_text(text, "utf-8")


def entries(room: Path) -> list[str]:
    """What stands in the catalogue, without the header."""
    return (room / PO).read_text("utf-8").split("\n\n", 1)[1].strip().split("\n\n")


def test_python_and_templates_are_read(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "# Translators: a verb\n"
        "a = _('Plant')\n"
        "b = pgettext('month', 'May')\n"
        "c = ngettext('%(n)s tree', '%(n)s trees', 2)\n"
        "d = _('Save 5 % of {thing}')\n"
        "e = str('not to be translated')\n"
    )
    (room / "templates/garden/bed.html").write_text(
        "<ul>\n    <li>{% translate 'Water' %}\n  <li>{{ x|default:_('Nobody') }}\n"
        "{% blocktranslate trimmed with a=b %}\n   Dig\n   {{ a }} now: 5%\n{% endblocktranslate %}\n"
    )
    run()
    assert entries(room) == [
        '#: garden/deeds.py\n#, python-format\nmsgid "%(n)s tree"\nmsgid_plural "%(n)s trees"\nmsgstr[0] ""',
        '#: garden/templates/garden/bed.html\n#, python-format\nmsgid "Dig %(a)s now: 5%%"\nmsgstr ""',
        '#: garden/deeds.py\nmsgctxt "month"\nmsgid "May"\nmsgstr ""',
        '#: garden/templates/garden/bed.html\nmsgid "Nobody"\nmsgstr ""',
        '#. Translators: a verb\n#: garden/deeds.py\nmsgid "Plant"\nmsgstr ""',
        '#: garden/deeds.py\n#, python-brace-format\nmsgid "Save 5 % of {thing}"\nmsgstr ""',
        '#: garden/templates/garden/bed.html\nmsgid "Water"\nmsgstr ""',
    ]


def test_translations_are_kept_and_what_nobody_says_is_dropped(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant'); b = _('Dig')\n")
    run()
    translate(room, "Plant", "种植")
    translate(room, "Dig", "翻土")
    (room / "deeds.py").write_text("a = _('Plant'); b = _('Digs')\n")
    run()
    assert entries(room) == [
        '#: garden/deeds.py\nmsgid "Digs"\nmsgstr ""',
        '#: garden/deeds.py\nmsgid "Plant"\nmsgstr "种植"',
    ]


def test_a_text_that_gets_a_plural_keeps_its_translation(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('tree')\n")
    run()
    translate(room, "tree", "树")
    (room / "deeds.py").write_text("a = ngettext('tree', 'trees', n)\n")
    run()
    assert entries(room) == ['#: garden/deeds.py\nmsgid "tree"\nmsgid_plural "trees"\nmsgstr[0] "树"']


def test_compiled_catalogue_speaks(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant'); b = ngettext('tree', 'trees', 2)\n")
    run()
    translate(room, "Plant", "种植")
    translate(room, "tree", "树")
    run()
    with (room / MO).open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert (spoken.gettext("Plant"), spoken.ngettext("tree", "trees", 2)) == ("种植", "树")


def test_a_second_run_changes_nothing(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant')\n")
    run()
    translate(room, "Plant", "种植")
    run()
    before = {file: file.read_bytes() for file in (room / PO, room / MO)}
    assert run() == ""
    assert {file: file.read_bytes() for file in before} == before
    assert run("--check") == "Messages: complete.\n"


@pytest.mark.parametrize(
    ("english", "chinese", "complaint"),
    [
        ("Plant", "", "'Plant' is not translated"),
        ("%(n)s left", "还有 %(m)s 个", "KeyError: 'm'"),
        ("%(n)s %% left", "还有 %(n)s%", "ValueError: incomplete format"),
        ("%s of %s", "%s", "not all arguments converted"),
        ("by {name}", "由 {nam}", "unknown: nam"),
    ],
)
def test_check_refuses(room: Path, run: Run, english: str, chinese: str, complaint: str) -> None:
    (room / "deeds.py").write_text(f"a = _({english!r})\n")
    run()
    if chinese:
        translate(room, english, chinese)
    run()
    with pytest.raises(CommandError) as refused:
        run("--check")
    assert complaint in str(refused.value)


def test_check_refuses_what_is_fuzzy(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant')\n")
    run()
    translate(room, "Plant", "种植")
    file = room / PO
    file.write_text(
        file.read_text("utf-8").replace("msgid", "#, fuzzy\nmsgid", 2).replace("#, fuzzy\n", "", 1), "utf-8"
    )
    with pytest.raises(CommandError, match="'Plant' is not translated"):
        run("--check")


def test_check_refuses_an_old_catalogue_and_writes_nothing(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant')\n")
    run()
    translate(room, "Plant", "种植")
    run()
    (room / "deeds.py").write_text("a = _('Plant'); b = _('Dig')\n")
    before = (room / PO).read_bytes()
    with pytest.raises(CommandError) as refused:
        run("--check")
    assert "garden/locale/zh_Hans/LC_MESSAGES/django.po is out of date" in str(refused.value)
    assert (room / PO).read_bytes() == before


def test_check_refuses_a_stale_compiled_file(room: Path, run: Run) -> None:
    (room / "deeds.py").write_text("a = _('Plant')\n")
    run()
    translate(room, "Plant", "种植")
    with pytest.raises(CommandError, match=r"django\.mo is out of date"):
        run("--check")


def test_check_refuses_a_catalogue_that_nobody_loads(room: Path, run: Run, settings: Any) -> None:
    (room / "deeds.py").write_text("a = _('Plant')\n")
    run()
    translate(room, "Plant", "种植")
    run()
    settings.LOCALE_PATHS = []
    with pytest.raises(CommandError, match="nobody loads its catalogue"):
        run("--check")


def test_two_rooms_lend_words_and_may_not_contradict_each_other(room: Path, run: Run, settings: Any) -> None:
    other = room.parent / "orchard"
    other.mkdir()
    settings.LOCALE_PATHS = [room / "locale", other / "locale"]
    for folder in (room, other):
        (folder / "__init__.py").write_text("a = _('Plant')\n")
    run("garden")
    translate(room, "Plant", "种植")
    run()
    assert entries(other) == ['#: orchard/__init__.py\nmsgid "Plant"\nmsgstr "种植"']
    assert run("--check") == "Messages: complete.\n"
    (other / PO).write_text((other / PO).read_text("utf-8").replace("种植", "栽种"), "utf-8")
    run()
    with pytest.raises(CommandError, match="'Plant' is '种植' in garden and '栽种' in orchard"):
        run("--check")


def test_an_unknown_room_is_refused(run: Run) -> None:
    with pytest.raises(CommandError, match="no room called cellar"):
        run("cellar")
