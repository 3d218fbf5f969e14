"""A public page weighs at most 120 KB as it is sent: its HTML, style sheets, scripts and drawings; pictures apart."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests import grounds, running
from tests.journeys.views import VIEWS

MOST = 120 * 1024
"""Bytes."""


# Files that public pages never ask for; gathering and compressing them would take a minute.
NOT_OURS = ("wagtail*", "admin", "rest_framework", "drf_spectacular_sidecar", "taggit", "guardian")


@pytest.fixture(scope="module")
def site() -> Iterator[running.Site]:
    """The demo town as it is served for good: files gathered, named by their content and compressed."""
    name = f"weight_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_demo(), name)
    for_good = running.Site(name, STATIC_MANIFEST="1")
    ignored = [word for pattern in NOT_OURS for word in ("-i", pattern)]
    gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0", *ignored]
    subprocess.run(gather, check=True, cwd=grounds.ROOT, env=for_good.environment)
    with for_good as started:
        yield started
    grounds.drop(name)


@cache
def weight(address: str) -> int:
    """Bytes of the body as it is sent to a browser that reads brotli and gzip."""
    return len(sent(address, "br, gzip"))


def sent(address: str, encoding: str = "identity") -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding, "Accept-Language": "zh-CN"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def parts_of(address: str) -> set[str]:
    """The addresses of the style sheets, scripts and drawings that the page asks for."""
    read = BeautifulSoup(sent(address), "html.parser")
    asked = [
        *(link["href"] for link in read.select('link[rel="stylesheet"]')),
        *(script["src"] for script in read.select("script[src]")),
        *(use["href"] for use in read.select("use[href]")),
    ]
    return {urljoin(address, str(each)).partition("#")[0] for each in asked} - {address}


def addresses(site: running.Site) -> list[str]:
    """What search engines are told of, and what a visitor is shown in the pictures."""
    listed = re.findall(r"<loc>([^<]+)</loc>", sent(f"{site.url}/sitemap.xml").decode())
    paths = {urlsplit(each).path for each in listed}
    paths |= {path for _title, who, path, status in VIEWS if not who and status == 200 and "{" not in path}
    return [site.url + urllib.request.quote(path, safe="/?=&%") for path in sorted(paths)]


@pytest.fixture(scope="module")
def weights(site: running.Site) -> list[tuple[int, str]]:
    """Every public page with all that it needs, the heaviest first."""
    weight.cache_clear()
    return sorted(((weight(each) + sum(map(weight, parts_of(each))), each) for each in addresses(site)), reverse=True)


def test_every_public_page_is_light(weights: list[tuple[int, str]]) -> None:
    assert len(weights) > 25
    told = [f"{bytes_sent / 1024:.1f} KB {urlsplit(address).path}" for bytes_sent, address in weights[:5]]
    sys.stdout.write("the heaviest pages: " + ", ".join(told) + "\n")
    assert [(bytes_sent, address) for bytes_sent, address in weights if bytes_sent > MOST] == []


def test_a_page_is_weighed_with_all_that_it_loads(site: running.Site) -> None:
    parts = {re.sub(r"\.[0-9a-f]{12}\.", ".", each.rpartition("/")[2]): each for each in parts_of(site.url + "/")}
    assert {"tokens.css", "parts.css", "htmx.min.js", "live-feed.js", "emblems.svg"} <= set(parts)
    for name in ("parts.css", "htmx.min.js", "emblems.svg"):
        assert weight(parts[name]) < len(sent(parts[name])) / 2, name  # as sent: compressed
