"""What counts as text, and JSON that holds nothing else."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class CleanJSONParser(JSONParser):
    """JSON without the characters that no database takes: NUL and lone surrogates, however they were written."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse ``stream``; raise ``ParseError`` (400) for what is not JSON or not text."""
        try:
            data = super().parse(stream, media_type, dict(parser_context or {}))
        except RecursionError as error:
            raise ParseError from error
        todo: list[Any] = [data]
        while todo:
            match todo.pop():
                case str(text):
                    if not is_text(text):
                        raise ParseError
                case dict(mapping):
                    todo += [*mapping.keys(), *mapping.values()]
                case list(items):
                    todo += items
        return data


def is_text(text: str) -> bool:
    """Say whether ``text`` can be kept: no NUL (PostgreSQL refuses it), no lone surrogate (UTF-8 cannot say it)."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
