"""A step is never rewritten and never deleted, whoever asks the database for it.

SQLite makes a table anew to change it, and forgets its triggers: a later migration that changes ``Step`` ends with
``RunPython(keep, let_go)`` of this one.
"""

from django.db import migrations

SAID = "steps of cases are only ever added"


def keep(apps, schema_editor):
    for event in ("UPDATE", "DELETE"):
        name = f"grid_step_no_{event.lower()}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON grid_step BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON grid_step FOR EACH ROW EXECUTE FUNCTION grid_step_stays()"
            )


def make_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION grid_step_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )


def let_go(apps, schema_editor):
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON grid_step"
    for event in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER grid_step_no_{event}{on}")


def drop_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION grid_step_stays()")


class Migration(migrations.Migration):
    dependencies = [("grid", "0001_grid")]

    operations = [
        migrations.RunPython(make_function, drop_function),
        migrations.RunPython(keep, let_go),
    ]
