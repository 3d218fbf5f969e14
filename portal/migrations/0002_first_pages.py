"""The first pages of every site: the home page and, below it, the directory of organisations.

Wagtail's own beginnings go: its welcome page, and the groups and the workflow that would hold rights over everybody's
pages. Here rights come from organisations alone.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

HOME = "00010001"
DIRECTORY = "000100010001"


def begin(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("portal", "HomePage")
    OrganisationIndexPage = apps.get_model("communities", "OrganisationIndexPage")

    page_type = ContentType.objects.get(app_label="wagtailcore", model="page")
    Page.objects.filter(content_type=page_type, slug="home", depth=2).delete()
    home_type, _ = ContentType.objects.get_or_create(app_label="portal", model="homepage")
    directory_type, _ = ContentType.objects.get_or_create(app_label="communities", model="organisationindexpage")
    locale = apps.get_model("wagtailcore", "Locale").objects.order_by("pk").first()

    home = HomePage.objects.create(
        title="共治",
        draft_title="共治",
        slug="home",
        title_en="Gongzhi",
        intro="社区、学校、企业和志愿者一起动手。看看哪里需要人，搭把手。",
        intro_en="Communities, schools, enterprises and volunteers act together. See where hands are needed, and lend one.",
        content_type=home_type,
        locale=locale,
        path=HOME,
        depth=2,
        numchild=1,
        url_path="/home/",
    )
    OrganisationIndexPage.objects.create(
        title="单位与团队",
        draft_title="单位与团队",
        slug="organisations",
        content_type=directory_type,
        locale=locale,
        path=DIRECTORY,
        depth=3,
        numchild=0,
        url_path="/home/organisations/",
    )
    Page.objects.filter(depth=1).update(numchild=Page.objects.filter(depth=2).count())
    Site.objects.create(hostname="localhost", site_name="共治", root_page_id=home.pk, is_default_site=True)


def without_wagtails_rights(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("WorkflowPage", "WorkflowTask", "Workflow", "Task"):
        apps.get_model("wagtailcore", name).objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_initial"),
        ("communities", "0002_sections"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        # These give rights to the groups that go.
        ("wagtailadmin", "0006_formstate"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(without_wagtails_rights, migrations.RunPython.noop),
    ]
