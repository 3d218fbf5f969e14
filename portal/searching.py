"""Searching the pages: what each of them says is kept here, and found here.

The index of pairs (``portal/searchbackend.py``) names candidates. A page is found if every run of the query – Han
characters, letters and digits that stand together – is in its words as they are kept in ``PageText``; counting and paging
come after that. Both databases give the same pages in the same order: those with all of it in their title, then the others,
the newest first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search.backends import get_search_backend

from communities import ground
from communities.models import Organisation, OrganisationPage
from events.models import Action, ActionPage
from kit.deeds import deed
from portal.models import NoticePage, PageText, StandardPage
from portal.searchbackend import HAN, LONGEST_TEXT, WORD, asked, fold

KINDS: Mapping[str, type[Page]] = MappingProxyType(
    {"notice": NoticePage, "action": ActionPage, "organisation": OrganisationPage, "page": StandardPage}
)
"""The kinds of things that are found, under their names in addresses."""

LONGEST_QUERY = 60
MOST_WORDS = 8
A_PAGE = 20

CHINESE, ENGLISH = "zh-Hans", "en"

_RUN = re.compile(rf"(?:[{HAN}]|{WORD})+")
_WORD = re.compile(WORD)


# --- what a page says ------------------------------------------------------------------------------------------------


class Passage(NamedTuple):
    """A stretch of a page's words, without tags, and the language of the field in which it stands."""

    text: str
    lang: str


@dataclass(frozen=True)
class Words:
    """Everything that a page is found by: its title, first in Chinese, and the rest of it in the order of reading."""

    title: Sequence[Passage]
    rest: Sequence[Passage]


def words_of(page: Page, *, organisation: Organisation | None, action: Action | None) -> Words:
    """The words of a page of one of the ``KINDS``; ``organisation`` is whose it is, ``action`` the one it belongs to."""
    whose = [(organisation.name, CHINESE), (organisation.name_en, ENGLISH)] if organisation else []
    match page:
        case NoticePage():
            chinese = [page.summary, page.meaning, *_blocks(page, "body"), page.document_number, page.issuer]
            english = [page.summary_en, page.meaning_en, *_blocks(page, "body_en")]
        case ActionPage():
            chinese = [page.summary, get_text_for_indexing(page.body), action.place if action else ""]
            english = [page.summary_en, get_text_for_indexing(page.body_en)]
        case OrganisationPage():
            chinese, english = [page.intro], [page.intro_en]
        case StandardPage():
            chinese = [page.summary, *_blocks(page, "body")]
            english = [page.summary_en, *_blocks(page, "body_en")]
        case _:
            raise TypeError(f"{type(page).__name__} is not searched.")
    if isinstance(page, OrganisationPage):
        title = [(page.title, CHINESE), *((name, lang) for name, lang in whose if name != page.title)]
        whose = []
    else:
        title = [(page.title, CHINESE), (getattr(page, "title_en", ""), ENGLISH)]
    # The sign at which a title may break is none of its letters.
    title = [(re.sub(r"[|｜]", "", text), lang) for text, lang in title]
    rest = [*((text, CHINESE) for text in chinese), *((text, ENGLISH) for text in english), *whose]
    return Words(_passages(title), _passages(rest))


def _passages(written: Iterable[tuple[str, str]]) -> list[Passage]:
    return [Passage(text.strip(), lang) for text, lang in written if text.strip()]


def _blocks(page: Page, field: str) -> list[str]:
    """The texts of a body, block by block, without tags."""
    stream = page._meta.get_field(field)
    return list(stream.get_searchable_content(getattr(page, field)))


def normalised(text: str) -> str:
    """The text as it is compared: folded, and with one blank on each side of a word of letters or digits.

    So 第12号 and 第 12 号 are the same, and 2号 is not found in 12号. Lines stay apart.
    """
    return re.sub(r"[^\S\n]+", " ", _WORD.sub(r" \g<0> ", fold(text)))


@deed
def keep(*, page: Page) -> None:
    """Keep what this page says now, and its entry in the index with it; a page that is not live is dropped.

    If it is the page of an organisation and says something new, the words of its pages are kept anew as well: they are
    found by its name. Wagtail published it and asked whether the person may.
    """
    if not page.live:
        drop(page=page)
        return
    before = PageText.objects.filter(page_id=page.pk).first()
    after = _keep(page)
    if isinstance(page, OrganisationPage) and before is not None and before.text != after.text:
        for page_class, pk in _live_pages(Page.objects.descendant_of(page)):
            _keep_anew(page_class=page_class, pk=pk)


@deed
def drop(*, page: Page) -> None:
    """Forget what this page says, and its entry in the index with it: it is not live any more."""
    PageText.objects.filter(page_id=page.pk).delete()


def catch_up() -> None:
    """Keep the words of live pages that were never kept, as after an upgrade, and forget those of others.

    On a site where nothing was ever kept, Wagtail's own index is made anew too.
    """
    if not PageText.objects.exists():
        keep_all()
        return
    PageText.objects.filter(page__live=False).delete()
    for page_class, pk in _live_pages(Page.objects.filter(page_text__isnull=True)):
        _keep_anew(page_class=page_class, pk=pk)


def keep_all() -> int:
    """Keep the words of all live pages anew and make the whole index anew, Wagtail's own included. Return how many."""
    PageText.objects.filter(page__live=False).delete()
    live = _live_pages(Page.objects.all())
    for page_class, pk in live:
        _keep_anew(page_class=page_class, pk=pk)
    call_command("wagtail_update_index", verbosity=0)
    return len(live)


def _live_pages(pages: QuerySet[Page]) -> list[tuple[type[Page], int]]:
    return [
        (page_class, pk)
        for page_class in KINDS.values()
        for pk in page_class.objects.filter(pk__in=pages.filter(live=True).values("pk")).values_list("pk", flat=True)
    ]


@deed
def _keep_anew(*, page_class: type[Page], pk: int) -> None:
    """Locks the page: what is published meanwhile must not be overwritten by what was read before."""
    page = page_class.objects.select_for_update().filter(pk=pk, live=True).first()
    if page is not None:
        _keep(page)


def _keep(page: Page) -> PageText:
    action = Action.objects.filter(key=page.translation_key).first() if isinstance(page, ActionPage) else None
    words = words_of(page, organisation=ground.owner(page), action=action)
    title = "\n".join(normalised(passage.text) for passage in words.title)
    text = "\n".join([title, *(normalised(passage.text) for passage in words.rest)])[:LONGEST_TEXT]
    kept, _made = PageText.objects.update_or_create(page_id=page.pk, defaults={"title": title, "text": text})
    get_search_backend().add(kept)
    return kept


# --- what is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """What somebody asks for. ``text`` is what was typed, cut to a length that makes sense."""

    text: str
    runs: Sequence[str] = ()
    """What a page must contain, somewhere."""
    signs: Sequence[str] = ()
    """Words of a single character: its title must contain them."""
    was_cut: bool = False

    @classmethod
    def read(cls, typed: str) -> "Query":
        """Of a line that somebody typed. Words are parted by blanks; punctuation parts runs and means nothing else."""
        line = " ".join(typed.split())
        words = fold(line[:LONGEST_QUERY]).split()
        runs: dict[str, None] = {}
        signs: dict[str, None] = {}
        for word in words[:MOST_WORDS]:
            found = _RUN.findall(word)
            (signs if len("".join(found)) == 1 else runs).update(dict.fromkeys(found))
        return cls(
            text=line[:LONGEST_QUERY].strip(),
            runs=tuple(runs),
            signs=tuple(signs),
            was_cut=len(line) > LONGEST_QUERY or len(words) > MOST_WORDS,
        )

    def __bool__(self) -> bool:
        return bool(self.runs or self.signs)

    def texts(self) -> QuerySet[PageText]:
        """The pages that contain all of it, whoever may see them."""
        texts = PageText.objects.all()
        if tokens := asked(" ".join(self.runs)):
            texts = get_search_backend().search(tokens, PageText, order_by_relevance=False).get_queryset()
        for run in self.runs:
            texts = texts.filter(text__contains=normalised(run))
        for sign in self.signs:
            texts = texts.filter(title__contains=normalised(sign))
        return texts

    def in_title(self) -> Q:
        """All of it stands in the title."""
        everything = Q()
        for each in (*self.runs, *self.signs):
            everything &= Q(title__contains=normalised(each))
        return everything


@dataclass(frozen=True)
class Filters:
    """Of what is found, which is shown."""

    kind: str = ""
    organisation: Organisation | None = None
    year: int | None = None

    @property
    def are_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Found:
    """A page of what was found, and the years to choose from."""

    page: ListPage[PageText]
    results: Sequence["Result"]
    years: Sequence[int]


@dataclass(frozen=True)
class Result:
    """A page that was found: its words are those of the page, with the hits in pieces of their own."""

    page: Page
    kind: str
    organisation: Organisation | None
    action: Action | None
    title: "Marked"
    snippet: "Marked"


def find(query: Query, filters: Filters, number: str | int | None) -> Found:
    """A page of what :func:`matching` finds; an unreadable ``number`` means the nearest page.

    The number of queries does not depend on how many are found.
    """
    of_all_years = matching(query, replace(filters, year=None)).order_by()
    dated = of_all_years.filter(page__first_published_at__isnull=False)
    years = [moment.year for moment in dated.datetimes("page__first_published_at", "year", order="DESC")]
    listed = Paginator(matching(query, filters), A_PAGE).get_page(number)
    return Found(listed, _results(query, [text.pk for text in listed]), years)


def matching(query: Query, filters: Filters) -> QuerySet[PageText]:
    """The pages that contain ``query`` and that everybody may see, in their order; none for an empty query."""
    if not query:
        return PageText.objects.none()
    texts = query.texts().filter(_everybody_sees(filters.kind))
    if filters.organisation is not None and filters.organisation.section is not None:
        texts = texts.filter(page__path__startswith=filters.organisation.section.path)
    if filters.year is not None:
        texts = texts.filter(page__first_published_at__year=filters.year)
    nearness = Case(When(query.in_title(), then=Value(0)), default=Value(1))
    newest = F("page__first_published_at").desc(nulls_last=True)
    return texts.order_by(nearness, newest, "-pk").only("pk")


def visible(kind: str = "") -> QuerySet[PageText]:
    """The pages, of this kind or of all, that everybody may see and that can be found."""
    return PageText.objects.filter(_everybody_sees(kind))


def _everybody_sees(kind: str) -> Q:
    """Live pages that are not behind a word of entrance; of an action, an organisation or a notice what is public."""
    sees = Q(pk__in=[])
    for name in [kind] if kind else KINDS:
        of_kind = Q(page__content_type=ContentType.objects.get_for_model(KINDS[name]))
        match name:
            case "action":
                of_kind &= Q(Exists(Action.objects.public().filter(key=OuterRef("page__translation_key"))))
            case "organisation":
                of_kind &= Q(Exists(Organisation.objects.filter(section=OuterRef("page"))))
            case "notice":
                for path in Organisation.objects.filter(section__live=False).values_list("section__path", flat=True):
                    of_kind &= ~Q(page__path__startswith=path)
        sees |= of_kind
    return sees & Q(page__in=Page.objects.live().public())


def _results(query: Query, pks: Sequence[int]) -> list[Result]:
    found = {page.pk: page for page in Page.objects.filter(pk__in=pks).specific()}
    pages = [found[pk] for pk in pks if pk in found]
    actions = {
        action.key: action
        for action in Action.objects.filter(key__in=[page.translation_key for page in pages]).select_related("host")
    }
    owners = owners_of(pages)
    return [_result(query, page, owners.get(page.pk), actions.get(page.translation_key)) for page in pages]


def owners_of(pages: Sequence[Page]) -> Mapping[int, Organisation]:
    """Whose each page is, with one query for all of them."""
    step = Page.steplen
    above = {page.pk: [page.path[:end] for end in range(step, len(page.path) + 1, step)] for page in pages}
    paths = {path for way in above.values() for path in way}
    owners = {
        organisation.section.path: organisation
        for organisation in Organisation.objects.filter(section__path__in=paths).select_related("section")
        if organisation.section
    }
    return {pk: owners[path] for pk, way in above.items() for path in way if path in owners}


def _result(query: Query, page: Page, organisation: Organisation | None, action: Action | None) -> Result:
    words = words_of(page, organisation=organisation, action=action)
    return Result(
        page=page,
        kind=next(name for name, page_class in KINDS.items() if isinstance(page, page_class)),
        organisation=organisation,
        action=action,
        title=marked_title(query, words.title),
        snippet=snippet(query, words.rest),
    )


# --- what is shown of it -----------------------------------------------------------------------------------------------

SNIPPET = 90  # characters
LEAD = 18  # of them before the first hit


class Piece(NamedTuple):
    text: str
    is_hit: bool


@dataclass(frozen=True)
class Marked:
    """Words with the hits in pieces of their own; a template puts them into ``<mark>`` and escapes all of them."""

    pieces: Sequence[Piece] = ()
    lang: str = CHINESE


class Hit(NamedTuple):
    start: int
    end: int
    needle: str


def hits(query: Query, text: str) -> list[Hit]:
    """Where the text itself, not the normalised one, has what was asked for; in order, none over another."""
    folded, places = _folded_with_places(text)
    found = [
        Hit(places[match.start()], places[match.end() - 1] + 1, needle)
        for needle in (*query.runs, *query.signs)
        for match in _pattern(needle).finditer(folded)
    ]
    ordered: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if not ordered or hit.start >= ordered[-1].end:
            ordered.append(hit)
    return ordered


def _pattern(needle: str) -> re.Pattern[str]:
    """A run as it may stand in a text: with or without blanks beside its words, and those whole."""
    letter = WORD.removesuffix("+")
    parts = [
        rf"(?<!{letter}){re.escape(part)}(?!{letter})" if _WORD.fullmatch(part) else re.escape(part)
        for part in normalised(needle).split()
    ]
    return re.compile(r"[^\S\n]*".join(parts))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and from which character of the text each of the folded ones comes."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in fold(character):
            folded.append(each)
            places.append(place)
    return "".join(folded), places


def marked(query: Query, text: str, lang: str = CHINESE) -> Marked:
    """The whole text with its hits."""
    return Marked(tuple(_pieces(text, hits(query, text), 0, len(text))), lang)


def marked_title(query: Query, titles: Sequence[Passage]) -> Marked:
    """The title in which there are most hits, the Chinese one where they are alike."""
    best = max(
        titles, key=lambda title: len({hit.needle for hit in hits(query, title.text)}), default=Passage("", CHINESE)
    )
    return marked(query, best.text, best.lang)


def snippet(query: Query, passages: Sequence[Passage]) -> Marked:
    """The stretch of the page with the most different hits; where only the title has any, how the page begins."""
    best = Marked(tuple(_window(passages[0].text, [], 0)), passages[0].lang) if passages else Marked()
    most = 0
    for passage in passages:
        found = hits(query, passage.text)
        for hit in found:
            start = max(0, hit.start - LEAD)
            seen = len({each.needle for each in found if start <= each.start and each.end <= start + SNIPPET})
            if seen > most:
                most, best = seen, Marked(tuple(_window(passage.text, found, start)), passage.lang)
    return best


_SENTENCE = re.compile(r"[。！？；\n.!?;]\s*")


def _window(text: str, found: Sequence[Hit], start: int) -> Iterator[Piece]:
    """From about ``start``, better from the beginning of a sentence, so many characters that it reads as one or two lines."""
    first = next((hit.start for hit in found if hit.start >= start), start)
    begins = [match.end() for match in _SENTENCE.finditer(text, max(0, start - LEAD), first)]
    start = begins[-1] if begins else 0 if start <= LEAD else start
    end = min(len(text), start + SNIPPET)
    # No hit is shown by half.
    end = max([end, *(hit.end for hit in found if hit.start < end and hit.start >= start)])
    if start > 0:
        yield Piece("…", is_hit=False)
    yield from _pieces(text, found, start, end)
    if end < len(text):
        yield Piece("…", is_hit=False)


def _pieces(text: str, found: Sequence[Hit], start: int, end: int) -> Iterator[Piece]:
    at = start
    for hit in found:
        if hit.start < start or hit.end > end:
            continue
        if hit.start > at:
            yield Piece(text[at : hit.start], is_hit=False)
        yield Piece(text[hit.start : hit.end], is_hit=True)
        at = hit.end
    if at < end:
        yield Piece(text[at:end], is_hit=False)
