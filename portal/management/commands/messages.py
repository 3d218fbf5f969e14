"""``manage.py messages``: gather the texts to translate, room by room, and compile the translations.

It needs Babel and no GNU gettext. Nothing is guessed: a text that changed is a new text and waits for its translation.
Catalogues carry no dates and no line numbers, so that they differ only where words do.
"""

import re
import string
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

try:
    from babel.messages import Catalog, Message
    from babel.messages.extract import extract
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po, write_po
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"manage.py messages needs Babel ({missing}). Say `make messages`, or install requirements-dev.txt."
    ) from missing

LOCALE = "zh_Hans"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEMPLATES = frozenset({".html", ".txt", ".xml"})

# "5 % off" is prose: unlike gettext's tools we take a blank after the sign for what it is.
PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0+]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?P<kind>[diouxXeEfFgGcrs%])")

Key = tuple[str, str]
"""Context ("" for none) and text in the singular."""


class Catalogue(Catalog):
    """A catalogue whose header never changes."""

    mime_headers = [
        ("Language", LOCALE),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    ]
    header_comment = "# 共治 Gongzhi. Kept by `make messages`; the translations are written by hand."


@dataclass
class Text:
    """What the source says: singular and perhaps plural, with the files and the notes to the translator."""

    ids: tuple[str, ...]
    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = "Gathers the texts to translate from every room and compiles the Chinese catalogues."
    requires_system_checks: list[str] = []  # translations must be mendable while something else is broken

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rooms", nargs="*", help="only these rooms (default: all)")
        parser.add_argument("--check", action="store_true", help="change nothing; fail if something is missing or old")

    def handle(self, *args: Any, **options: Any) -> None:
        rooms = list(rooms_of(Path(settings.BASE_DIR)))
        wanted = set(options["rooms"])
        if unknown := wanted - {room.name for room in rooms}:
            raise CommandError(f"There is no room called {', '.join(sorted(unknown))}.")
        lent = translations(rooms)
        complaints = list(contradictions(rooms))
        for room in rooms:
            if not wanted or room.name in wanted:
                complaints += self.treat(room, lent, check=options["check"])
        if options["check"] and complaints:
            raise CommandError("The catalogues are not complete:\n" + "\n".join(f"  {each}" for each in complaints))
        for each in complaints:
            self.stderr.write(each)
        if options["check"]:
            self.stdout.write("Messages: complete.")

    def treat(self, room: Path, lent: dict[Key, str], *, check: bool) -> list[str]:
        """Bring one room's catalogue up to date, or say with ``check`` what is not; return what people must do."""
        texts = gather(room)
        old = stored(room)
        if not texts and old is None:
            return []
        new = merged(texts, old, lent)
        complaints = list(faults(room, new))
        if room not in loaded():
            complaints.append(f"{room.name}: nobody loads its catalogue; it belongs into LOCALE_PATHS")
        for file, content in rendered(room, new).items():
            if file.exists() and file.read_bytes() == content:
                continue
            if check:
                complaints.append(f"{file.relative_to(room.parent)} is out of date: run `make messages`")
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                self.stdout.write(f"wrote {file.relative_to(room.parent)}")
        return complaints


def rooms_of(root: Path) -> Iterator[Path]:
    """Yield the packages at the top of the project, tests excepted."""
    for package in sorted(root.glob("*/__init__.py")):
        if package.parent.name not in {"tests", "bench"}:
            yield package.parent


def loaded() -> set[Path]:
    """Return the folders whose ``locale/`` Django reads."""
    return {Path(app.path) for app in apps.get_app_configs()} | {Path(path).parent for path in settings.LOCALE_PATHS}


def gather(room: Path) -> dict[Key, Text]:
    """Read every text to translate from the room's modules and templates; migrations have none of their own."""
    texts: dict[Key, Text] = {}
    for file in sorted(room.rglob("*")):
        relative = file.relative_to(room)
        if "migrations" in relative.parts or "static" in relative.parts or not file.is_file():
            continue
        if file.suffix == ".py":
            source = file.read_text(encoding="utf-8")
        elif file.suffix in TEMPLATES and "templates" in relative.parts:
            pseudo = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            # What is left of the markup keeps its indentation, on which Python would stumble.
            source = "\n".join(line.lstrip() for line in pseudo.splitlines())
        else:
            continue
        found = extract("python", BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        for _line, said, notes, context in found:
            ids = (said,) if isinstance(said, str) else tuple(said)
            text = texts.setdefault((context or "", ids[0]), Text(ids))
            text.ids = max(text.ids, ids, key=len)  # said once with and once without a plural: it has one
            text.files.add(f"{room.name}/{relative.as_posix()}")
            text.notes += [note for note in notes if note not in text.notes]
    return texts


def stored(room: Path) -> Catalog | None:
    """Read the room's catalogue as it lies there; None if there is none."""
    file = room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
    if not file.exists():
        return None
    with file.open("rb") as source:
        return read_po(source, locale=LOCALE)


def translation(message: Message) -> str:
    """Return the translation; Chinese has one form for every number."""
    return message.string if isinstance(message.string, str) else (message.string or [""])[0]


def key_of(message: Message) -> Key:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def translated(catalogue: Catalog | None) -> dict[Key, Message]:
    """Return what people have translated: no header, nothing empty, nothing guessed."""
    return {
        key_of(message): message
        for message in catalogue or ()
        if message.id and translation(message) and not message.fuzzy
    }


def translations(rooms: Iterable[Path]) -> dict[Key, str]:
    """Return every translation of every room: the same words elsewhere start with the same translation."""
    return {key: translation(message) for room in rooms for key, message in translated(stored(room)).items()}


def merged(texts: dict[Key, Text], old: Catalog | None, lent: dict[Key, str]) -> Catalogue:
    """Put the texts of the source and the translations of the old catalogue together; what nobody says is dropped."""
    known = translated(old)
    new = Catalogue(locale=LOCALE, fuzzy=False)
    for (context, first), text in sorted(texts.items(), key=lambda item: (item[0][1], item[0][0])):
        message = known.get((context, first))
        chinese = translation(message) if message else lent.get((context, first), "")
        plural = len(text.ids) > 1
        added = new.add(
            text.ids if plural else first,
            (chinese,) if plural else chinese,
            locations=[(file, 1) for file in sorted(text.files)],
            auto_comments=text.notes,
            user_comments=message.user_comments if message else (),
            context=context or None,
        )
        # Babel's own idea of a placeholder is wider than ours.
        added.flags.discard("python-format")
        if any(percents(each) for each in text.ids):
            added.flags.add("python-format")
    return new


def percents(text: str) -> list[str | None]:
    """Return the ``%`` placeholders, by name or None for nameless ones; nothing for prose."""
    return [match["name"] for match in PERCENT.finditer(text) if match["kind"] != "%"]


def braces(text: str) -> list[str]:
    """Return the names of the ``{}`` placeholders; nothing for a text that only looks like one."""
    try:
        return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return []


def faults(room: Path, catalogue: Catalog) -> Iterator[str]:
    """Yield what people must mend: what is not translated, and translations that would raise when they are filled."""
    for message in catalogue:
        if not message.id:
            continue
        if not translation(message).strip():
            yield f"{room.name}: {key_of(message)[1]!r} is not translated"
        elif why := does_not_fill(message):
            yield f"{room.name}: {translation(message)!r} cannot be filled like {key_of(message)[1]!r} ({why})"


def does_not_fill(message: Message) -> str:
    """Fill the translation with what its text is filled with; return why that failed, or nothing."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    try:
        if "python-format" in message.flags:
            given = max((percents(each) for each in ids), key=len)
            translation(message) % (tuple(0 for _ in given) if None in given else dict.fromkeys(given, 0))
        if "python-brace-format" in message.flags:
            names = {name for each in ids for name in braces(each)}
            if unknown := set(braces(translation(message))) - names:
                return f"unknown: {', '.join(sorted(unknown))}"
    except (KeyError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def contradictions(rooms: Iterable[Path]) -> Iterator[str]:
    """Yield texts that two rooms translate differently: the site would show one of them in both."""
    seen: dict[Key, tuple[str, str]] = {}
    for room in rooms:
        for key, message in translated(stored(room)).items():
            other, chinese = seen.setdefault(key, (room.name, translation(message)))
            if chinese != translation(message):
                yield (
                    f"{key[1]!r} is {chinese!r} in {other} and {translation(message)!r} in {room.name}: "
                    "agree on one, or tell them apart by a context"
                )


def rendered(room: Path, catalogue: Catalogue) -> dict[Path, bytes]:
    """Return the two files of the catalogue with their content: the one people write and the one Django reads."""
    folder = room / "locale" / LOCALE / "LC_MESSAGES"
    words, compiled = BytesIO(), BytesIO()
    write_po(words, catalogue, width=0, include_lineno=False)
    write_mo(compiled, catalogue)
    return {folder / "django.po": words.getvalue(), folder / "django.mo": compiled.getvalue()}
