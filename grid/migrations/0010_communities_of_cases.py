"""Cases that were there get the community in which they lie: that of their cell, or on a street front that around them."""

from django.db import migrations
from django.utils import timezone

from grid.net import geometry


def where_they_lie(apps, schema_editor):
    Case = apps.get_model("grid", "Case")
    in_cells = Case.objects.filter(cell__kind="community").values_list("pk", "cell__parent")
    for pk, community in in_cells.iterator():
        Case.objects.filter(pk=pk).update(community=community)
    outlines = _outlines(apps)
    on_streets = Case.objects.filter(community__isnull=True, longitude__isnull=False, latitude__isnull=False)
    for case in on_streets.only("longitude", "latitude", "reported_at"):
        position, day = (case.longitude, case.latitude), timezone.localdate(case.reported_at)
        for community, since, until, drawn in outlines:
            if since <= day and (until is None or until > day) and geometry.holds(drawn, position):
                Case.objects.filter(pk=case.pk).update(community=community)
                break


def _outlines(apps):
    """The outlines of communities: those of their cells first, then their own."""
    drawn = apps.get_model("grid", "Boundary").objects.select_related("area")
    rows = drawn.filter(area__level__in=["cell", "grid"], area__kind="community")
    return [
        (
            row.area.parent_id if row.area.level == "cell" else row.area_id,
            row.since,
            row.until,
            geometry.drawn(row.shape),
        )
        for row in rows.order_by("area__level", "area__code", "since")
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0009_case_community"),
    ]

    operations = [
        migrations.RunPython(where_they_lie, migrations.RunPython.noop),
    ]
