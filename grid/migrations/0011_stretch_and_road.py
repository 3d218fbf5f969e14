"""The stretch of a case belongs to its road: the database refuses anything else.

SQLite makes a table anew to change it, and forgets its triggers: a later migration that changes ``Case`` ends with
``RunPython(keep, let_go)`` as this one does.
"""

from django.db import migrations

SAID = "the stretch of a case belongs to its road"
IS_ELSEWHERE = (
    "NEW.segment_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM grid_segment WHERE id = NEW.segment_id AND road_id = NEW.road_id)"
)


def keep(apps, schema_editor):
    for event, name in (("INSERT", "insert"), ("UPDATE OF road_id, segment_id", "update")):
        begin = f"CREATE TRIGGER grid_case_stretch_{name} BEFORE {event} ON grid_case"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"{begin} FOR EACH ROW WHEN {IS_ELSEWHERE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        else:
            schema_editor.execute(f"{begin} FOR EACH ROW EXECUTE FUNCTION grid_case_stretch()")


def make_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION grid_case_stretch() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {IS_ELSEWHERE} THEN "
            f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$"
        )


def let_go(apps, schema_editor):
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON grid_case"
    for name in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER grid_case_stretch_{name}{on}")


def drop_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION grid_case_stretch()")


class Migration(migrations.Migration):
    dependencies = [("grid", "0010_communities_of_cases")]

    operations = [
        migrations.RunPython(make_function, drop_function),
        migrations.RunPython(keep, let_go),
    ]
