"""What belongs together stays together: a case and its limit, its road and its stretch, a question and the part that asks it.

SQLite makes a table anew to change it, and forgets its triggers: a later migration that changes ``Case`` ends with
``RunPython(keep, let_go)`` of this one.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Coalesce

TOLD = (
    *("verify", "report_verified", "file", "reject", "merge", "solve_on_the_spot", "dispatch", "hand_back", "split"),
    *("return", "take", "grant_delay", "suspend", "resume", "submit", "check", "confirm", "send_back", "close"),
    *("supervise", "climb", "rate", "reopen"),
)
SAID = "the stretch of a case belongs to its road"
IS_ELSEWHERE = (
    "NEW.segment_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM grid_segment WHERE id = NEW.segment_id AND road_id = NEW.road_id)"
)


def set_right(apps, schema_editor):
    """Of cases that were corrected the road was named by somebody; the stretch is what was left over."""
    Case = apps.get_model("grid", "Case")
    Case.objects.filter(segment__isnull=False).exclude(segment__road=models.F("road")).update(segment=None)


def touch(apps, schema_editor):
    """When something was done with a case last of which everybody hears."""
    Case, Step = apps.get_model("grid", "Case"), apps.get_model("grid", "Step")
    told = Step.objects.filter(case=models.OuterRef("pk"), deed__in=TOLD).order_by("-at").values("at")[:1]
    Case.objects.update(touched_at=Coalesce(models.Subquery(told), "reported_at"))


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
    dependencies = [
        ("grid", "0005_running_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="part",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reply", "")), fields=("case",), name="grid_question_one_open"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="touched_at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(touch, migrations.RunPython.noop),
        migrations.RunPython(set_right, migrations.RunPython.noop),
        migrations.RunPython(make_function, drop_function),
        migrations.RunPython(keep, let_go),
    ]
