"""The house rules that a machine checks: floors, names, single writers, looks and words.

Plain pytest over the syntax tree; Django is not imported. A rule is a function from the root of a tree to its breaches,
and its docstring is the sentence that people read. ``BROKEN``, near the end, breaks every rule on a small planted tree
and ``KEPT`` shows what each must leave alone: a rule that cannot fail is no rule.

Run as a program (``python tests/test_house.py``) it prints the longest modules, functions, templates and scripts. Sizes
are places to look at with one's own eyes, not breaches.
"""

import ast
import functools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent

FLOORS = ("kit", "updates", "communities", "volunteers", "grid", "events", "portal")
"""From the cellar to the roof. A room imports only from rooms to its left."""

WITHOUT_FLOOR = frozenset({"tests", "bench", "deploy", "docs", "var"})
"""Folders beside the rooms; they may look into every room and no room looks into them."""

LEFTOVER_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "core", "misc", "base"})

RIGHTS_WRITER = "communities/membership.py"

STATE_WRITERS = {
    "events/publishing.py": "Action",
    "events/calling_off.py": "Action",
    "events/seats.py": "SignUp",
    "events/parties.py": "Party",
    "grid/cases/moving.py": "Case",
    "updates/delivery.py": "Outgoing",
}
"""Which module may move which model from state to state."""

ASYNC_PLACES = ("updates/", "portal/front.py", "portal/asgi.py")
CHANNEL_LAYER_PLACES = ("updates/", "portal/health.py")  # health asks whether it answers, and rings nobody
WAGTAIL_SIGNALS_PLACE = "portal/publishing.py"
PAGE_CACHE_PLACE = "portal/front.py"

TOKENS = "portal/static/css/tokens.css"


@dataclass(frozen=True, order=True)
class Breach:
    path: str
    line: int
    what: str = ""


Rule = Callable[[Path], Iterable[Breach]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


# --------------------------------------------------------------------------------------- reading the tree


@dataclass(frozen=True)
class Module:
    path: str
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @property
    def file(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path


@functools.cache
def modules(root: Path) -> tuple[Module, ...]:
    """Read every Python module of every room, migrations included."""
    found = []
    for room in FLOORS:
        for file in sorted((root / room).rglob("*.py")):
            relative = file.relative_to(root)
            parts = relative.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(relative.as_posix(), name, ast.parse(file.read_text(encoding="utf-8"), str(file))))
    return tuple(found)


def written(root: Path) -> Iterator[Module]:
    """Yield the modules that people wrote."""
    return (module for module in modules(root) if not module.is_migration)


def files(root: Path, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of the rooms' own files that match; vendored ones are other people's."""
    for room in FLOORS:
        for file in sorted((root / room).rglob(pattern)):
            if "vendor" not in file.parts:
                yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def floor(room: str) -> int:
    return FLOORS.index(room)


def first(dotted: str) -> str:
    return dotted.partition(".")[0]


def imports(module: Module, known: frozenset[str], inside: ast.AST | None = None) -> Iterator[tuple[str, int]]:
    """Yield every first-party module that ``module`` imports anywhere, however deep, and the line."""
    for node in ast.walk(inside or module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if first(alias.name) in FLOORS:
                    yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                package = module.name.split(".")
                package = package if module.file == "__init__.py" else package[:-1]
                package = package[: len(package) - node.level + 1]
                origin = ".".join([*package, *([node.module] if node.module else [])])
            if first(origin) in FLOORS:
                for alias in node.names:
                    deeper = f"{origin}.{alias.name}"
                    yield (deeper if deeper in known else origin), node.lineno


def known_names(root: Path) -> frozenset[str]:
    return frozenset(module.name for module in modules(root))


def called(node: ast.Call) -> str:
    """Return the last name of what is called: ``assign_perm`` of ``shortcuts.assign_perm(…)``."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def chain(node: ast.AST) -> list[str]:
    """Return the names of ``a.b(…).c`` from left to right, calls and indexes passed over."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=name):
            return [*chain(value), name]
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return chain(inner)
    return []


def calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def strings(module: Module) -> Iterator[tuple[str, int]]:
    """Yield the string literals with their lines; docstrings and other bare strings are left out."""
    bare = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value, node.lineno


# ------------------------------------------------------------------------------------------------ floors


@rule
def floors(root: Path) -> Iterator[Breach]:
    """A room imports only from rooms below it; nobody imports portal."""
    known = known_names(root)
    for module in modules(root):
        for target, line in imports(module, known):
            if floor(first(target)) > floor(module.room):
                yield Breach(module.path, line, f"{module.room} is below {target}")
    manage = root / "manage.py"
    if manage.exists():
        outside = Module("manage.py", "manage", ast.parse(manage.read_text(encoding="utf-8")))
        for target, line in imports(outside, known):
            yield Breach("manage.py", line, f"names {target} otherwise than by its settings")


@rule
def floors_by_name(root: Path) -> Iterator[Breach]:
    """A string that names a model or module of a room above ("events.Action") is an import too; so is a migration."""
    for module in modules(root):
        for text, line in strings(module):
            named = re.fullmatch(r"(\w+)(\.\w+)+", text)
            if named and named[1] in FLOORS and floor(named[1]) > floor(module.room):
                yield Breach(module.path, line, f'"{text}"')
        for node in ast.walk(module.tree):
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(app)), ast.Constant(value=str(what))]) if (
                    module.is_migration and app in FLOORS and floor(app) > floor(module.room)
                ):
                    yield Breach(module.path, node.lineno, f"depends on {app} {what}")
                case ast.Call(args=[ast.Constant(value=str(app)), *_]) if (
                    called(node) == "get_model" and app in FLOORS and floor(app) > floor(module.room)
                ):
                    yield Breach(module.path, node.lineno, f"reaches up to {app}")


@rule
def circles(root: Path) -> Iterator[Breach]:
    """Imports do not go in a circle, within a room neither."""
    known = known_names(root)
    edges: dict[str, dict[str, int]] = {}
    paths = {}
    for module in written(root):
        paths[module.name] = module.path
        targets = edges.setdefault(module.name, {})
        for target, line in imports(module, known):
            if target in known and target != module.name:
                targets.setdefault(target, line)
    told: set[frozenset[str]] = set()
    for start in sorted(edges):
        way = shortest_circle(start, edges)
        if way and frozenset(way) not in told:
            told.add(frozenset(way))
            yield Breach(paths[start], edges[start][way[1]], " → ".join(way))


def shortest_circle(start: str, edges: dict[str, dict[str, int]]) -> list[str] | None:
    ways = [[start]]
    seen = set()
    for way in ways:  # grows while it is walked: breadth first
        for target in sorted(edges.get(way[-1], ())):
            if target == start:
                return [*way, start]
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return None


@rule
def imports_on_top(root: Path) -> Iterator[Breach]:
    """First-party imports stand at the top of the module (only AppConfig.ready may wait for the apps)."""
    known = known_names(root)
    for module in modules(root):
        ready = set()
        if module.file == "apps.py":
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef) and node.name == "ready":
                    ready |= {line for _, line in imports(module, known, node)}
        deferred = {}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                deferred.update({line: target for target, line in imports(module, known, node)})
        for line, target in deferred.items():
            if line not in ready:
                yield Breach(module.path, line, f"{target} inside a function")
        for node in calls(module):
            match node.args:
                case [ast.Constant(value=str(target)), *_] if (
                    called(node) in {"import_module", "import_string", "__import__"} and first(target) in FLOORS
                ):
                    yield Breach(module.path, node.lineno, f'{called(node)}("{target}")')


INNER_FLOORS = (
    {"models"},
    {"permits"},
    {"forms"},
    {"views", "api", "feeds", "wagtail_hooks"},
    {"urls"},
)


STOREYS = {"grid": ("net", "chain", "rules", "reports", "telling", "cases", "desk")}
"""Rooms with so many deeds that they stand in folders, the lowest first."""


@rule
def storeys(root: Path) -> Iterator[Breach]:
    """In a room of several storeys a folder of deeds imports only from those below it."""
    known = known_names(root)

    def storey(name: str) -> int | None:
        room, _, rest = name.partition(".")
        part = first(rest)
        return STOREYS[room].index(part) if part in STOREYS.get(room, ()) else None

    for module in written(root):
        own = storey(module.name)
        for target, line in imports(module, known) if own is not None else ():
            other = storey(target)
            if first(target) == module.room and other is not None and own is not None and other > own:
                yield Breach(module.path, line, f"{module.name} is below {target}")


@rule
def inner_floors(root: Path) -> Iterator[Breach]:
    """Inside a room: models ← permits ← deeds ← forms ← views, api, feeds, wagtail_hooks ← urls."""
    known = known_names(root)

    def rank(name: str) -> int | None:
        parts = name.split(".")[1:]
        named = {*parts[:1], *parts[-1:]}  # events.forms.typed is a form, grid.cases.api is an API
        return next((number for number, names in enumerate(INNER_FLOORS) if named & names), None)

    for module in written(root):
        own = rank(module.name)
        if own is None:
            continue
        for target, line in imports(module, known):
            other = rank(target)
            if first(target) == module.room and other is not None and other > own:
                yield Breach(module.path, line, f"{module.name} is below {target}")


@rule
def views_behind_urls(root: Path) -> Iterator[Breach]:
    """Views are imported by urls.py and by nobody else."""
    known = known_names(root)
    for module in written(root):
        within = module.file == "urls.py" or "views" in module.name.split(".")
        for target, line in imports(module, known):
            if not within and "views" in target.split(".")[1:]:
                yield Breach(module.path, line, target)


# ------------------------------------------------------------------------------------------- names, cellar


@rule
def names(root: Path) -> Iterator[Breach]:
    """Modules are named for deeds or things, never for leftovers (utils, helpers, common, core, misc, base)."""
    for top in (*FLOORS, *sorted(WITHOUT_FLOOR - {"var"})):
        for file in sorted((root / top).rglob("*.py")):
            relative = file.relative_to(root)
            folders = [folder for folder in relative.parts[:-1] if folder in LEFTOVER_NAMES]
            if folders or relative.stem in LEFTOVER_NAMES:
                yield Breach(relative.as_posix(), 1, f'"{(folders or [relative.stem])[0]}"')


@rule
def rooms_have_floors(root: Path) -> Iterator[Breach]:
    """Every package at the top is one of the seven rooms; a new one needs a floor first."""
    for package in sorted(root.glob("*/__init__.py")):
        if package.parent.name not in {*FLOORS, *WITHOUT_FLOOR}:
            yield Breach(package.relative_to(root).as_posix(), 1)


@rule
def cellar(root: Path) -> Iterator[Breach]:
    """Kit is the cellar: at most five modules, no model, and it imports no room."""
    known = known_names(root)
    own = [module for module in modules(root) if module.room == "kit" and module.name != "kit"]
    for module in own[5:]:
        yield Breach(module.path, 1, f"module {len(own)} of at most 5")
    for module in own:
        for target, line in imports(module, known):
            if first(target) != "kit":
                yield Breach(module.path, line, target)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and any(chain(base)[-1:] == ["Model"] for base in node.bases):
                yield Breach(module.path, node.lineno, f"{node.name} is a model")


@rule
def rooms_have_tests(root: Path) -> Iterator[Breach]:
    """Every room has its folder of tests: tests/<room>/test_*.py."""
    for room in FLOORS:
        if any((root / room).glob("*.py")):
            tests = (file.read_text(encoding="utf-8") for file in (root / "tests" / room).rglob("test_*.py"))
            if not any(re.search(r"^\s*def test_", text, re.MULTILINE) for text in tests):
                yield Breach(f"{room}/__init__.py", 1, f"nothing in tests/{room}/")


# ------------------------------------------------------------------------------------------ single writers

GRANTS = {"Group", "GroupObjectPermission", "UserObjectPermission", "GroupPagePermission", "GroupCollectionPermission"}
GRANT_CALLS = {"assign_perm", "remove_perm", "bulk_assign_perm", "bulk_remove_perm"}
GRANT_SETS = {"groups", "user_set", "permissions", "user_permissions", "page_permissions", "collection_permissions"}
SET_WRITES = {"add", "remove", "set", "clear", "create", "delete", "aadd", "aremove", "aset", "aclear"}
ROW_WRITES = {
    *("create", "get_or_create", "update_or_create", "bulk_create", "update", "bulk_update", "delete"),
    *("acreate", "aget_or_create", "aupdate_or_create", "abulk_create", "aupdate", "abulk_update", "adelete"),
}


@rule
def one_writer_of_rights(root: Path) -> Iterator[Breach]:
    """Groups and grants are written by communities/membership.py and by nobody else."""
    ours = {
        node.name
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if re.search(r"(Group|User)ObjectPermission(Base|Abstract)?$", (chain(base) or [""])[-1])
    }
    tables = GRANTS | ours
    for module in written(root):
        if module.path == RIGHTS_WRITER:
            continue
        for node in calls(module):
            way = chain(node.func)
            grants = (
                way[-1:] and way[-1] in GRANT_CALLS | tables,
                len(way) > 1 and way[-1] in SET_WRITES and GRANT_SETS & set(way[:-1]),
                len(way) > 1 and way[-1] in ROW_WRITES and tables & set(way[:-1]),
            )
            if any(grants):
                yield Breach(module.path, node.lineno, f"{'.'.join(way)}(…)")


def state_writes(module: Module) -> Iterator[tuple[int, ast.expr | None]]:
    """Yield where ``module`` writes a state, and the expression that is written."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((node.lineno, value) for target in targets for _ in attributes(target, "state"))
            case ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=value) if value:
                yield from ((node.lineno, value) for _ in attributes(target, "state"))
            case ast.Call(args=[_, ast.Constant(value="state"), value, *_]) if called(node) == "setattr":
                yield node.lineno, value
            case ast.Call(keywords=keywords) if called(node) in {"update", "aupdate"}:
                yield from ((node.lineno, keyword.value) for keyword in keywords if keyword.arg == "state")
            case ast.Call() if called(node) in {"bulk_update", "abulk_update"}:
                if any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node)):
                    yield node.lineno, None


def attributes(target: ast.expr, name: str) -> Iterator[ast.Attribute]:
    """Yield the attributes called ``name`` among the targets of an assignment: ``a.state, b = …`` has one."""
    for node in ast.walk(target):
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store):
            yield node


@rule
def one_writer_of_states(root: Path) -> Iterator[Breach]:
    """A state is written only by the module that owns it (STATE_WRITERS); everybody else calls its deed."""
    models = set(STATE_WRITERS.values())
    for module in written(root):
        owned = STATE_WRITERS.get(module.path)
        for line, value in state_writes(module):
            named = {part for node in ast.walk(value) for part in chain(node)} & models if value else set()
            if not owned:
                yield Breach(module.path, line, "writes a state")
            elif named - {owned}:
                yield Breach(module.path, line, f"owns {owned} and writes {', '.join(sorted(named))}")


@rule
def one_ringer(root: Path) -> Iterator[Breach]:
    """The channel layer is touched in updates/ and nowhere else (portal/health.py asks whether it answers)."""
    for module in written(root):
        if module.path.startswith(CHANNEL_LAYER_PLACES):
            continue
        for node in ast.walk(module.tree):
            match node:
                case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name) if name in {
                    "get_channel_layer",
                    "channel_layer",
                    "channel_layers",
                    "group_send",
                }:
                    yield Breach(module.path, node.lineno, name)


@rule
def isolated_async(root: Path) -> Iterator[Breach]:
    """Async code stands in updates/, portal/front.py and portal/asgi.py."""
    for module in written(root):
        if module.path.startswith(ASYNC_PLACES):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                yield Breach(module.path, node.lineno, type(node).__name__)


@rule
def no_signals(root: Path) -> Iterator[Breach]:
    """No signals but Wagtail's in portal/publishing.py and the page cache's in portal/front.py."""
    for module in written(root):
        if module.path == PAGE_CACHE_PLACE:
            continue
        origins = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in calls(module):
            way = chain(node.func)
            origin = origins.get(way[0], way[0]) if way else ""
            dotted = ".".join([origin, *way[1:]])
            connects = way[-1:] == ["connect"] and re.search(r"signals?\b|dispatch\b", dotted)
            receives = dotted.endswith("dispatch.receiver") or way[-1:] == ["receiver"]
            makes = dotted.endswith(("dispatch.Signal", "ModelSignal"))
            heard = dotted
            if receives and node.args:
                heard = origins.get((chain(node.args[0]) or [""])[0], "")
            wagtails = module.path == WAGTAIL_SIGNALS_PLACE and heard.startswith("wagtail.") and not makes
            if (connects or receives or makes) and not wagtails:
                yield Breach(module.path, node.lineno, f"{'.'.join(way)}(…)")


# -------------------------------------------------------------------------------------------------- looks

NAMED_COLOURS = frozenset(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray
    darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
    firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
    hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
    mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen""".split()
)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b"
    r"|(?<![\w-])(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    rf"|(?<![\w-])(?:{'|'.join(sorted(NAMED_COLOURS))})(?![\w(-])",
    re.IGNORECASE,
)
NAMES_ITS_OWN = ("font", "animation", "grid", "transition", "will-change", "content", "counter", "container", "view-")
"""Properties whose words are names of other things: ``animation: snow`` is no colour."""
DECLARATION = re.compile(r"(?<![\w-])(?P<name>-{0,2}[a-zA-Z][\w-]*)\s*:\s*(?P<value>[^;{}]+)(?=[;}])")
PAINTED = re.compile(r"\b(?:fill|stroke|color|stop-color|flood-color|lighting-color)\s*=\s*([\"'])(?P<value>.*?)\1")


def blanked(text: str, pattern: str) -> str:
    """Replace what matches by blanks, so that every position and line stays where it was."""
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)


def declarations(css: str) -> Iterator[tuple[str, str, int]]:
    """Yield name, value and position of every declaration; comments, strings and addresses are left out."""
    plain = blanked(css, r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'|url\([^)]*\)")
    for match in DECLARATION.finditer(plain):
        yield match["name"], match["value"], match.start("value")


@rule
def colours(root: Path) -> Iterator[Breach]:
    """Colours stand in tokens.css and nowhere else; drawings take currentColor or a token."""
    for path, text in files(root, "*.css"):
        if path != TOKENS:
            for name, value, position in declarations(text):
                if not name.startswith(NAMES_ITS_OWN):
                    for match in COLOUR.finditer(value):
                        yield Breach(path, line_at(text, position + match.start()), f"{name}: {match[0]}")
    drawings = [(path, text) for path, text in files(root, "*.svg") if path.endswith("/emblems.svg")]
    for path, text in [*drawings, *files(root, "*.html")]:
        for match in PAINTED.finditer(blanked(text, r"\{[%{#].*?[%}#]\}")):
            if literal := COLOUR.search(match["value"]):
                yield Breach(path, line_at(text, match.start()), literal[0])
    for path, text in drawings:
        for style in re.finditer(r"<style\b[^>]*>(.*?)</style>|style=([\"'])(.*?)\2", text, re.DOTALL):
            if literal := COLOUR.search(style[0]):
                yield Breach(path, line_at(text, style.start() + literal.start()), literal[0])


@rule
def dark_twice_the_same(root: Path) -> Iterator[Breach]:
    """tokens.css says the dark tokens twice (chosen, and by the system); both say the same."""
    for path, text in files(root, "tokens.css"):
        plain = blanked(text, r"/\*.*?\*/")
        chosen = re.search(r"\[data-theme=[\"']?dark[\"']?\][^{}]*\{([^{}]*)\}", plain)
        system = re.search(
            r"prefers-color-scheme:\s*dark[^{}]*\{\s*[^{}]*\[data-theme=[\"']?auto[\"']?\][^{}]*\{([^{}]*)\}", plain
        )
        if not chosen or not system:
            yield Breach(path, 1, "the dark tokens do not stand there twice")
            continue
        one, other = (
            {name: " ".join(value.split()) for name, value, _ in declarations(f"{{{block[1]};}}")}
            for block in (chosen, system)
        )
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield Breach(path, line_at(text, system.start(1)), f"{name}: {one.get(name)} or {other.get(name)}")


class Markup(HTMLParser):
    """Finds what a strict Content-Security-Policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.found.append((line, "inline <script>"))
        if tag == "style":
            self.found.append((line, "inline <style>"))
        for name, value in given.items():
            # The tag's text begins on `line`; the attribute may stand on a later one.
            offset = re.search(rf"(?<![\w-]){re.escape(name)}\b", self.get_starttag_text() or "", re.IGNORECASE)
            at = line + (self.get_starttag_text() or "").count("\n", 0, offset.start() if offset else 0)
            if name == "style":
                self.found.append((at, "style="))
            if re.fullmatch(r"on[a-z]+|hx-on.*", name):
                self.found.append((at, f"{name}="))
            if value.strip().lower().startswith("javascript:"):
                self.found.append((at, "javascript:"))


def inline_parts(text: str) -> list[tuple[int, str]]:
    markup = Markup()
    plain = blanked(text, r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}")
    markup.feed(blanked(plain, r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"))
    markup.close()
    return markup.found


@rule
def nothing_inline(root: Path) -> Iterator[Breach]:
    """No inline <script> (JSON-LD is data), no <style>, no style=, no on…=: the strict policy refuses them."""
    for path, text in files(root, "*.html"):
        for line, what in inline_parts(text):
            yield Breach(path, line, what)
    for module in written(root):
        for text, start in strings(module):
            if "<" in text:
                for line, what in inline_parts(text):
                    yield Breach(module.path, start + line - 1, what)


@rule
def tidy(root: Path) -> Iterator[Breach]:
    """Templates, styles, scripts and drawings: no tabs, no blanks at the end of a line, a line break at the end."""
    for pattern in ("*.html", "*.css", "*.js", "*.svg"):
        for path, text in files(root, pattern):
            for number, line in enumerate(text.splitlines(), 1):
                if "\t" in line or line != line.rstrip():
                    yield Breach(path, number)
            if text and not text.endswith("\n"):
                yield Breach(path, line_at(text, len(text)), "no line break at the end")


NAMES_SET = re.compile(r"\bas\s+(?P<given>\w+)\s*$|^for\s+(?P<each>[\w\s,]+?)\s+in\b|^with\s+(?P<with>.*)$", re.DOTALL)


def names_in_blocks(text: str) -> Iterator[tuple[str, tuple[int, ...], int, bool]]:
    """Yield every name of a template with the blocks in which it stands, its position, and whether it is set there."""
    plain = blanked(text, r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}")
    within: list[int] = []
    for part in re.finditer(r"\{%\s*(?P<tag>.*?)\s*%\}|\{\{(?P<value>.*?)\}\}", plain, re.DOTALL):
        tag = blanked(part["tag"] or part["value"], r"\"[^\"]*\"|'[^']*'")
        word = tag.split()[0] if tag.split() else ""
        if word == "block":
            within.append(part.start())
        elif word == "endblock":
            within.pop()
        else:
            found = NAMES_SET.search(tag) if part["tag"] else None
            made = set(re.findall(r"\w+", (found["given"] or found["each"] or "") if found else ""))
            made |= set(re.findall(r"(\w+)=", found["with"] or "")) if found else set()
            named = set(re.findall(r"(?<![\w.|:])[a-z_]\w*(?!\w*=)", tag))
            for name in named | made:
                yield name, tuple(within), part.start(), name in made


@rule
def names_stay_in_their_block(root: Path) -> Iterator[Breach]:
    """A name set by {% … as x %} in one block of a template is not used in another: Django forgets it at the end of its block."""
    for path, text in files(root, "*.html"):
        found = list(names_in_blocks(text))
        homes: dict[str, set[int]] = {}
        for name, within, _, is_made in found:
            if is_made:
                homes.setdefault(name, set()).add(within[-1] if within else -1)
        for name, within, position, _ in found:
            if homes.get(name, {-1}).isdisjoint({-1, *within}):
                yield Breach(path, line_at(text, position), name)


# -------------------------------------------------------------------------------------------------- words


@rule
def trimmed(root: Path) -> Iterator[Breach]:
    """Every blocktranslate is trimmed, or the translator gets the template's indentation."""
    for pattern in ("*.html", "*.txt"):
        for path, text in files(root, pattern):
            for match in re.finditer(r"\{%\s*blocktrans(?:late)?\b(?P<options>.*?)%\}", text, re.DOTALL):
                if "trimmed" not in match["options"].split():
                    yield Breach(path, line_at(text, match.start()))


@rule
def catalogues(root: Path) -> Iterator[Breach]:
    """The Chinese catalogues are complete: nothing untranslated, nothing fuzzy."""
    for room in FLOORS:
        file = root / room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        if file.exists():
            with file.open("rb") as source:
                catalogue = read_po(source, locale="zh_Hans")
            for message in catalogue:
                if not message.id:
                    continue
                texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
                if message.fuzzy or not all(text.strip() for text in texts):
                    words = message.id if isinstance(message.id, str) else message.id[0]
                    state = "fuzzy" if message.fuzzy else "untranslated"
                    yield Breach(file.relative_to(root).as_posix(), message.lineno or 1, f"{state}: {words!r}")


# ------------------------------------------------------------------------------------ the house keeps them


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    breaches = sorted(set(rule(ROOT)))
    lines = [f"  {breach.path}:{breach.line}: {breach.what}".rstrip(": ") for breach in breaches]
    assert not breaches, "\n".join([rule.__doc__ or "", *lines])


def test_the_house_is_where_the_rules_look() -> None:
    """Against rules that pass because they looked into the wrong folder."""
    assert {module.room for module in modules(ROOT)} >= {"kit", "communities", "volunteers", "grid", "events", "portal"}
    assert TOKENS in {path for path, _ in files(ROOT, "*.css")}
    assert "portal/templates/base.html" in {path for path, _ in files(ROOT, "*.html")}
    assert {RIGHTS_WRITER, *STATE_WRITERS} <= {module.path for module in modules(ROOT)}
    assert list((ROOT / "portal/locale/zh_Hans/LC_MESSAGES").glob("django.po"))


# -------------------------------------------------------------------------------- and each of them can fail

Tree = dict[str, str]

DARK = ':root[data-theme="dark"] { --ink: #eee; }\n'
AUTO = "@media (prefers-color-scheme: dark) {\n  :root[data-theme=auto] {\n    --ink: %s;\n  }\n}\n"
PO = 'msgid ""\nmsgstr "Language: zh_Hans\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'

BROKEN: list[tuple[Rule, Tree, set[tuple[str, int]]]] = [
    (floors, {"kit/a.py": "", "events/a.py": "", "communities/a.py": "import os\nfrom events import a\n"},
     {("communities/a.py", 2)}),
    (floors, {"events/a.py": "from portal.settings import DEBUG\n"}, {("events/a.py", 1)}),
    (floors, {"kit/a.py": "def f():\n    import updates\n"}, {("kit/a.py", 2)}),
    (floors, {"volunteers/management/commands/x.py": "from grid.models import Cell\n"},
     {("volunteers/management/commands/x.py", 1)}),
    (floors, {"grid/a.py": "if TYPE_CHECKING:\n    from events import seats\n"}, {("grid/a.py", 2)}),
    (floors, {"communities/a.py": "from ..events import seats\n"}, {("communities/a.py", 1)}),
    (floors, {"manage.py": "from portal import settings\n"}, {("manage.py", 1)}),
    (floors_by_name, {"grid/models.py": 'a = ForeignKey("events.Action")\n'}, {("grid/models.py", 1)}),
    (floors_by_name, {"kit/a.py": 'get_model("events", "Action")\n'}, {("kit/a.py", 1)}),
    (floors_by_name, {"grid/migrations/0001_initial.py": 'dependencies = [\n    ("events", "0001_initial"),\n]\n'},
     {("grid/migrations/0001_initial.py", 2)}),
    (circles, {"events/a.py": "from events import b\n", "events/b.py": "import os\nimport events.a\n"},
     {("events/a.py", 1)}),
    (circles, {"events/a.py": "from . import b\n", "events/b.py": "def f():\n    from events.a import x\n"},
     {("events/a.py", 1)}),
    (circles, {"grid/a.py": "from grid.b import x\n", "grid/b.py": "from grid.c import x\n",
               "grid/c.py": "if TYPE_CHECKING:\n    from grid.a import x\n"}, {("grid/a.py", 1)}),
    (imports_on_top, {"events/a.py": "def f():\n    from kit import refusals\n"}, {("events/a.py", 2)}),
    (imports_on_top, {"events/management/commands/x.py": "class C:\n    def handle(self):\n        import kit\n"},
     {("events/management/commands/x.py", 3)}),
    (imports_on_top, {"events/apps.py": "def f():\n    import kit\n"}, {("events/apps.py", 2)}),
    (imports_on_top, {"events/a.py": 'import_module("kit.refusals")\n'}, {("events/a.py", 1)}),
    (inner_floors, {"events/models.py": "from events.permits import may\n", "events/permits.py": ""},
     {("events/models.py", 1)}),
    (inner_floors, {"events/forms.py": "from events import api\n", "events/api.py": ""}, {("events/forms.py", 1)}),
    (inner_floors, {"grid/cases/moving.py": "from grid.cases import api\n", "grid/cases/api.py": "",
                    "grid/forms/a.py": "from grid.cases import api\n"}, {("grid/forms/a.py", 1)}),
    (storeys, {"grid/net/a.py": "from grid.chain import b\n", "grid/chain/b.py": "from grid.net import c\n",
               "grid/net/c.py": ""}, {("grid/net/a.py", 1)}),
    (views_behind_urls, {"events/api.py": "from events import views\n", "events/views.py": ""}, {("events/api.py", 1)}),
    (views_behind_urls, {"portal/home.py": "from events.views.desk import show\n"}, {("portal/home.py", 1)}),
    (names, {"events/utils.py": ""}, {("events/utils.py", 1)}),
    (names, {"portal/core/a.py": ""}, {("portal/core/a.py", 1)}),
    (names, {"tests/helpers.py": ""}, {("tests/helpers.py", 1)}),
    (rooms_have_floors, {"library/__init__.py": ""}, {("library/__init__.py", 1)}),
    (cellar, {f"kit/{name}.py": "" for name in "abcdef"}, {("kit/f.py", 1)}),
    (cellar, {"kit/a.py": "class Row(models.Model):\n    pass\n"}, {("kit/a.py", 1)}),
    (cellar, {"kit/a.py": "\nimport events\n"}, {("kit/a.py", 2)}),
    (rooms_have_tests, {"events/__init__.py": ""}, {("events/__init__.py", 1)}),
    (rooms_have_tests, {"events/__init__.py": "", "tests/events/test_seats.py": "# later\n"},
     {("events/__init__.py", 1)}),
    (one_writer_of_rights, {"events/a.py": "assign_perm('x', group, it)\n"}, {("events/a.py", 1)}),
    (one_writer_of_rights, {"events/a.py": "shortcuts.remove_perm('x', group, it)\n"}, {("events/a.py", 1)}),
    (one_writer_of_rights, {"events/a.py": "user.groups.add(group)\ngroup.user_set.remove(user)\n"},
     {("events/a.py", 1), ("events/a.py", 2)}),
    (one_writer_of_rights, {"portal/a.py": "GroupPagePermission.objects.create(group=group)\n"}, {("portal/a.py", 1)}),
    (one_writer_of_rights, {"portal/a.py": "GroupPagePermission.objects.filter(group=group).delete()\n"},
     {("portal/a.py", 1)}),
    (one_writer_of_rights, {"communities/models.py": "class Grant(GroupObjectPermissionBase):\n    pass\n",
                            "communities/a.py": "Grant.objects.bulk_create([Grant(group=group)])\n"},
     {("communities/a.py", 1)}),
    (one_writer_of_states, {"events/views.py": "action.state = 'closed'\n"}, {("events/views.py", 1)}),
    (one_writer_of_states, {"events/views.py": "a.x, action.state = 1, 2\n"}, {("events/views.py", 1)}),
    (one_writer_of_states, {"portal/a.py": "Action.objects.filter(pk=1).update(state='closed')\n"}, {("portal/a.py", 1)}),
    (one_writer_of_states, {"portal/a.py": "setattr(action, 'state', 'closed')\n"}, {("portal/a.py", 1)}),
    (one_writer_of_states, {"portal/a.py": "Action.objects.bulk_update(rows, ['state'])\n"}, {("portal/a.py", 1)}),
    (one_writer_of_states, {"events/publishing.py": "one.state = SignUp.State.CANCELLED\n"}, {("events/publishing.py", 1)}),
    (one_writer_of_states, {"events/seats.py": "rows.update(state=Action.State.CLOSED)\n"}, {("events/seats.py", 1)}),
    (one_ringer, {"events/a.py": "from channels.layers import get_channel_layer\n"}, {("events/a.py", 1)}),
    (one_ringer, {"portal/a.py": "self.channel_layer.group_send('x', {})\n"}, {("portal/a.py", 1)}),
    (isolated_async, {"events/a.py": "async def f():\n    await g()\n"}, {("events/a.py", 1), ("events/a.py", 2)}),
    (no_signals, {"events/a.py": "from django.db.models.signals import post_save\npost_save.connect(f)\n"},
     {("events/a.py", 2)}),
    (no_signals, {"events/a.py": "from django.db.models import signals\nsignals.post_save.connect(f)\n"},
     {("events/a.py", 2)}),
    (no_signals, {"portal/publishing.py": "from django.db.models.signals import post_save\n@receiver(post_save)\n"
                                          "def f(**kwargs): ...\n"}, {("portal/publishing.py", 2)}),
    (no_signals, {"events/a.py": "from django.dispatch import Signal\nmoved = Signal()\n"}, {("events/a.py", 2)}),
    (no_signals, {"events/a.py": "from wagtail.signals import page_published\npage_published.connect(f)\n"},
     {("events/a.py", 2)}),
    (colours, {"portal/static/css/parts.css": "a { color: var(--ink); }\na:hover { color: #fff }\n"},
     {("portal/static/css/parts.css", 2)}),
    (colours, {"events/static/events/desk.css": "b {\n  border: 1px solid\n    red;\n}\n"},
     {("events/static/events/desk.css", 3)}),
    (colours, {"portal/static/css/parts.css": "@media print { i { background: rgb(0 0 0 / 50%); } }\n"},
     {("portal/static/css/parts.css", 1)}),
    (colours, {"events/static/tokens.css": "a { --x: #123456; }\n"}, {("events/static/tokens.css", 1)}),
    (colours, {"portal/static/img/emblems.svg": '<svg>\n<path fill="#0a0" d="M0"/></svg>\n'},
     {("portal/static/img/emblems.svg", 2)}),
    (colours, {"portal/templates/x.html": '<path stroke="black">\n'}, {("portal/templates/x.html", 1)}),
    (dark_twice_the_same, {TOKENS: DARK + AUTO % "#efefef"}, {(TOKENS, 3)}),
    (dark_twice_the_same, {TOKENS: DARK}, {(TOKENS, 1)}),
    (nothing_inline, {"events/templates/a.html": "<p>\n<script>alert(1)</script>\n"}, {("events/templates/a.html", 2)}),
    (nothing_inline, {"events/templates/a.html": "<style>a{}</style>\n"}, {("events/templates/a.html", 1)}),
    (nothing_inline, {"events/templates/a.html": '<p class="a"\n   {% if b %}style="color: x"{% endif %}>\n'},
     {("events/templates/a.html", 2)}),
    (nothing_inline, {"events/templates/a.html": '<a href="{% url "x" %}" onclick="go()">\n'},
     {("events/templates/a.html", 1)}),
    (nothing_inline, {"events/templates/a.html": '<a href="javascript:go()">\n'}, {("events/templates/a.html", 1)}),
    (nothing_inline, {"events/wagtail_hooks.py": "\nformat_html('<b style=\"x\">{}</b>', it)\n"},
     {("events/wagtail_hooks.py", 2)}),
    (tidy, {"events/templates/a.html": "<p>\n\t<b>\n<i> \n"},
     {("events/templates/a.html", 2), ("events/templates/a.html", 3)}),
    (tidy, {"events/static/a.js": "a;\nb;"}, {("events/static/a.js", 2)}),
    (names_stay_in_their_block, {"events/templates/a.html": '{% block a %}{% url "x" as back_url %}{% endblock %}\n'
                                                            '{% block b %}\n{{ back_url|default:"/" }}{% endblock %}\n'},
     {("events/templates/a.html", 3)}),
    (names_stay_in_their_block, {"events/templates/a.html": "{% block a %}{% mine page as it %}{% endblock %}\n{% if it.x %}\n"},
     {("events/templates/a.html", 2)}),
    (trimmed, {"events/templates/a.html": "<p>\n{% blocktranslate count n=n %}\n a\n{% endblocktranslate %}\n"},
     {("events/templates/a.html", 2)}),
    (trimmed, {"events/templates/a.txt": "{% blocktrans %}a{% endblocktrans %}\n"}, {("events/templates/a.txt", 1)}),
    (catalogues, {"events/locale/zh_Hans/LC_MESSAGES/django.po": PO + 'msgid "Join"\nmsgstr ""\n'},
     {("events/locale/zh_Hans/LC_MESSAGES/django.po", 4)}),
    (catalogues, {"events/locale/zh_Hans/LC_MESSAGES/django.po": PO + '#, fuzzy\nmsgid "Join"\nmsgstr "加入"\n'},
     {("events/locale/zh_Hans/LC_MESSAGES/django.po", 5)}),
    (catalogues, {"events/locale/zh_Hans/LC_MESSAGES/django.po": PO + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n'},
     {("events/locale/zh_Hans/LC_MESSAGES/django.po", 4)}),
]  # fmt: skip

KEPT: list[tuple[Rule, Tree]] = [
    (floors, {"kit/a.py": "", "events/a.py": "import kit\nfrom communities import permits\nfrom events import b\n"}),
    (floors, {"events/a.py": "import kitchen\nfrom portals import x\n"}),
    (floors_by_name, {"events/models.py": '"""events.Action and portal.HomePage"""\na = FK("communities.Organisation")\n'}),
    (circles, {"events/a.py": "from events import b, c\n", "events/b.py": "from events import c\n", "events/c.py": ""}),
    (imports_on_top, {"events/apps.py": "class A:\n    def ready(self):\n        from events import b\n"}),
    (imports_on_top, {"events/a.py": "import kit\ndef f():\n    import json\n"}),
    (inner_floors, {"events/views.py": "from events import forms, models, permits\n", "events/forms.py": ""}),
    (inner_floors, {"grid/cases/api.py": "from grid.forms import a\n", "grid/forms/a.py": ""}),
    (storeys, {"grid/chain/a.py": "from grid.net import b\nfrom grid.chain import c\n", "grid/net/b.py": "", "grid/chain/c.py": "",
               "grid/permits.py": "from grid.chain import c\n"}),
    (views_behind_urls, {"events/urls.py": "from events import views\n", "events/views.py": ""}),
    (views_behind_urls, {"events/a.py": "from django import views\nfrom django.views import csrf\n"}),
    (names, {"portal/templates/base.html": "", "events/database.py": ""}),
    (rooms_have_floors, {"events/__init__.py": "", "tests/__init__.py": "", "docs/a.md": ""}),
    (cellar, {"kit/__init__.py": "", **{f"kit/{name}.py": "from django.db import models\n" for name in "abcde"}}),
    (rooms_have_tests, {"events/__init__.py": "", "tests/events/test_seats.py": "def test_it(): ...\n"}),
    (one_writer_of_rights, {RIGHTS_WRITER: "user.groups.add(group)\nassign_perm('x', group, it)\n"}),
    (one_writer_of_rights, {"events/a.py": "user.groups.filter(pk=1)\nseen.add(1)\nGroup.objects.filter(name='x')\n"}),
    (one_writer_of_states, {"events/seats.py": "one.state = SignUp.State.WAITING\nrows.update(state=state)\n"}),
    (one_writer_of_states, {"events/publishing.py": "action.state = Action.State.ANNOUNCED\n"}),
    (one_writer_of_states, {"events/views.py": "if action.state == 1: rows.filter(state=2).update(taken=3)\nstate = 1\n"}),
    (one_ringer, {"updates/hub.py": "from channels.layers import get_channel_layer\n"}),
    (isolated_async, {"updates/hub.py": "async def f(): ...\n", "portal/asgi.py": "async def f(): ...\n"}),
    (no_signals, {"portal/publishing.py": "from wagtail.signals import page_published\npage_published.connect(f)\n"}),
    (no_signals, {"portal/publishing.py": "from wagtail.signals import page_published\n@receiver(page_published)\n"
                                          "def f(**kwargs): ...\n"}),
    (no_signals, {"events/a.py": "import sqlite3, signal\nsqlite3.connect('x')\nsignal.signal(signal.SIGTERM, f)\n"}),
    (colours, {TOKENS: ":root { --ink: #123; }\n", "portal/static/vendor/x.css": "a { color: red }\n"}),
    (colours, {"portal/static/css/parts.css": "#abc a:hover, .red { color: var(--red); animation: snow 1s; }\n"
                                             "a { background: color-mix(in srgb, var(--a) 20%, transparent) }\n"
                                             "/* color: red; */ b { fill: currentColor; content: \"red\"; }\n"
                                             "@media (min-width: 64em) { a { color: CanvasText } }\n"}),
    (colours, {"portal/static/img/emblems.svg": '<path fill="none" stroke="var(--emblem-2, currentColor)"/>\n'}),
    (dark_twice_the_same, {TOKENS: DARK + AUTO % "#eee"}),
    (nothing_inline, {"events/templates/a.html": '<script src="{% static "a.js" %}" defer></script>\n'
                                                 '<script type="application/ld+json">{"a": 1}</script>\n'
                                                 '<p data-style="x" class="on">a on=b style="x"</p>\n'
                                                 '{# <p style="x"> #}{% comment %}<script>{% endcomment %}\n'}),
    (nothing_inline, {"events/a.py": 'x = 1 if a < b else "<b class=\\"on\\">"\n'}),
    (tidy, {"events/templates/a.html": "<p>\n  <b>\n\n", "portal/static/vendor/x.js": "a;\t"}),
    (names_stay_in_their_block, {"events/templates/a.html":
        '{% url "x" as here %}{% block a %}{% url "y" as up %}{% block c %}{{ up }}{{ here }}{% endblock %}{% endblock %}\n'
        '{% block b %}{% url "y" as up %}{% crumb _("up") up up=2 %}{{ page.up }}{% endblock %}\n'
        '{% block d %}{% with up=1 %}{{ up }}{% endwith %}{# up #}{% endblock %}\n'}),
    (trimmed, {"events/templates/a.html": "{% blocktranslate trimmed count n=n %}a{% endblocktranslate %}\n"}),
    (catalogues, {"events/locale/zh_Hans/LC_MESSAGES/django.po": PO + 'msgid "Join"\nmsgstr "加入"\n'}),
]  # fmt: skip


def plant(root: Path, tree: Tree) -> Path:
    for path, text in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def named(case: object) -> str | None:
    return getattr(case, "__name__", None)


@pytest.mark.parametrize(("rule", "tree", "expected"), BROKEN, ids=named)
def test_rule_notices(rule: Rule, tree: Tree, expected: set[tuple[str, int]], tmp_path: Path) -> None:
    assert {(breach.path, breach.line) for breach in rule(plant(tmp_path, tree))} == expected


@pytest.mark.parametrize(("rule", "tree"), KEPT, ids=named)
def test_rule_leaves_alone(rule: Rule, tree: Tree, tmp_path: Path) -> None:
    assert set(rule(plant(tmp_path, tree))) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_is_shown_broken_and_kept(rule: Rule) -> None:
    assert rule in {case[0] for case in BROKEN}
    assert rule in {case[0] for case in KEPT}
    assert rule.__doc__


# ---------------------------------------------------------------------------------------- sizes, to look at


def longest(root: Path) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield, by kind, the five longest with their number of lines."""

    def five(sizes: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        return sorted(sizes, reverse=True)[:5]

    sources = [(path, text) for path, text in files(root, "*.py") if "/migrations/" not in path]
    yield "modules", five((text.count("\n"), path) for path, text in sources)
    yield (
        "functions",
        five(
            ((node.end_lineno or node.lineno) - node.lineno + 1, f"{module.path}:{node.lineno} {node.name}")
            for module in written(root)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
    )
    yield "templates", five((text.count("\n"), path) for path, text in files(root, "*.html"))
    yield "scripts", five((text.count("\n"), path) for path, text in files(root, "*.js"))


def test_the_longest_are_found(tmp_path: Path) -> None:
    body = "def f():\n" + "    x = 1\n" * 7
    plant(tmp_path, {f"events/m{n}.py": body + "\n" * n for n in range(7)} | {"events/static/a.js": "a;\n"})
    found = dict(longest(tmp_path))
    assert found["modules"] == [(8 + n, f"events/m{n}.py") for n in (6, 5, 4, 3, 2)]
    assert found["functions"][0] == (8, "events/m6.py:1 f")
    assert found["scripts"] == [(1, "events/static/a.js")]
    assert found["templates"] == []


if __name__ == "__main__":
    for kind, rows in longest(ROOT):
        sys.stdout.write(f"Longest {kind}\n" + "".join(f"{lines:6} {where}\n" for lines, where in rows))
