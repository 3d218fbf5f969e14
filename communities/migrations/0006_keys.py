"""Keys of one person that hold have different names: of two that are alike the later one gets its number behind it."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LONGEST = 60


def tell_apart(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    tokens = apps.get_model("communities", "Token").objects.filter(revoked_at=None)
    known = set()
    for token in tokens.order_by("pk").iterator():
        if (token.person_id, token.name) in known:
            number = f" ({token.pk})"
            token.name = token.name[: LONGEST - len(number)] + number
            token.save(update_fields=["name"])
        known.add((token.person_id, token.name))


class Migration(migrations.Migration):
    dependencies = [("communities", "0005_look")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("person", "name"),
                name="communities_token_one_live_per_name",
            ),
        ),
    ]
