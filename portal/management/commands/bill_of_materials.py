"""``manage.py bill_of_materials``: what the site is built from, as CycloneDX, for whoever must answer for it."""

import json
import uuid
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import pins
from portal.pins import Pin

try:
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"manage.py bill_of_materials needs requirements-dev.txt ({missing}). Say `make setup-dev`."
    ) from missing

DOCUMENT = settings.BASE_DIR / "docs" / "bill-of-materials.cdx.json"
NAME_OF_A_LICENCE = 60
"""Characters; what is longer is its text."""
SITE = uuid.uuid5(uuid.NAMESPACE_URL, "https://gongzhi.example/bill-of-materials")


class Command(BaseCommand):
    help = "Write docs/bill-of-materials.cdx.json from the pins and the vendored files; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit status 1 if the bill names something else")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        wanted = [*pins.packages(), *pins.vendored(), *pins.fonts()]
        written = json.loads(DOCUMENT.read_text("utf-8")) if DOCUMENT.exists() else {"components": []}
        if check:
            # What is not installed on this machine has no licence to be read here, so licences are not compared.
            if listed(written) != {pin.purl for pin in wanted}:
                raise CommandError("The bill of materials names something else. Say: manage.py bill_of_materials")
            self.stdout.write(f"The bill of materials names all {len(wanted)}.")
            return
        DOCUMENT.write_text(bill(wanted, licences(written)), "utf-8")
        self.stdout.write(f"{len(wanted)} stand in {DOCUMENT.relative_to(settings.BASE_DIR)}.")


def listed(document: dict[str, Any]) -> set[str]:
    """The package-urls that a bill names."""
    return {component["purl"] for component in document["components"]}


def licences(document: dict[str, Any]) -> dict[str, str]:
    """The licences that a bill names, by package-url."""
    return {
        component["purl"]: licence.get("expression") or licence["license"].get("id") or licence["license"]["name"]
        for component in document["components"]
        for licence in component.get("licenses", ())[:1]
    }


def bill(wanted: Iterable[Pin], known: dict[str, str]) -> str:
    """The document. ``known`` licences stand in for packages that other machines install and this one does not."""
    make_licence = LicenseFactory().make_from_string
    parts = []
    for pin in wanted:
        said = pin.licence or licence_of(pin) or known.get(pin.purl, "")
        parts.append(
            Component(
                type=ComponentType.LIBRARY,
                name=pin.name.rpartition(":")[2],
                version=pin.version,
                bom_ref=pin.purl,
                purl=PackageURL.from_string(pin.purl),
                licenses=[make_licence(said)] if said else [],
                properties=[Property(name="environment", value=pin.marker)] if pin.marker else [],
            )
        )
    site = Component(type=ComponentType.APPLICATION, name="gongzhi", bom_ref="gongzhi", version=settings.VERSION)
    document = Bom(components=parts, serial_number=SITE)
    document.metadata.component = site
    document.register_dependency(site, parts)
    text: str = JsonV1Dot6(document).output_as_string(indent=2)
    told = json.loads(text)
    del told["metadata"][
        "timestamp"
    ]  # the repository knows when it changed; without it the same pins are the same file
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def licence_of(pin: Pin) -> str:
    """What the installed package says of itself; empty if it says nothing, or is not installed in this version."""
    try:
        about = metadata.metadata(pin.name)
    except metadata.PackageNotFoundError:
        return ""
    if about["Version"] != pin.version:
        return ""
    said = (*about.get_all("License-Expression", ()), *_classified(about), *about.get_all("License", ()))
    # Some put the whole text where its name belongs.
    return next((licence for licence in said if len(licence) < NAME_OF_A_LICENCE), "")


def _classified(about: metadata.PackageMetadata) -> Iterator[str]:
    for line in about.get_all("Classifier", ()):
        if line.startswith("License :: OSI Approved :: "):
            yield line.rpartition(" :: ")[2]
