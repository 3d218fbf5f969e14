from django.db import migrations


def on_the_road_that_was_named(apps, schema_editor):
    """Until now an action stood on the page of each road that its place or its meeting point named."""
    Road = apps.get_model("grid", "Road")
    Action = apps.get_model("events", "Action")
    # Of two roads of one name the later one; of two names that begin together the longer one.
    roads = {road.name: road for road in Road.objects.order_by("since", "pk")}
    for action in Action.objects.filter(is_online=False).only("place", "meeting_point"):
        named = min(
            (
                (part, words.index(name), -len(name), name)
                for part, words in enumerate((action.place, action.meeting_point))
                for name in roads
                if name in words
            ),
            default=None,
        )
        if named is not None:
            Action.objects.filter(pk=action.pk).update(road=roads[named[-1]])


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0003_standards"),
        ("events", "0005_action_road"),
    ]

    operations = [
        migrations.RunPython(on_the_road_that_was_named, migrations.RunPython.noop),
    ]
