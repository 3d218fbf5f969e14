"""The table of Wagtail's admin: every address, what is asked there, and what is answered to whom.

``test_walk_admin`` asks all of it; ``tests/journeys/test_stranger.py`` stands before each address with a browser.
"""

from datetime import date, timedelta
from typing import NamedTuple


class Ask(NamedTuple):
    """One request, about each of the things named in ``of`` (blank: about nothing in particular).

    ``answers`` are four letters, for the operator, the coordinator and the editor of the organisation whose thing it is,
    and whoever comes into the admin from another one:

    ``o`` open, ``w`` open and something was written, ``>`` led elsewhere, ``x`` refused (403, or Wagtail's way back with a
    message of error), ``.`` not there (404), ``-`` not in this way (405), ``?`` not readable (400), ``L`` the page where one signs in.
    ``*`` is not asked: Wagtail breaks down over an upload that its own form would never have left behind.
    """

    method: str
    answers: str
    of: str = ""
    data: str = ""
    query: str = ""
    fill: str = ""


PAGE_FORM = (
    "title=changed&slug=changed&kind=announcement&validity=valid&summary=changed&meaning=&body-count=0&"
    "body_en-count=0&body=null&body_en=null&issuer=&document_number=&index_number=&title_en=&summary_en=&"
    "meaning_en=&intro=changed&intro_en=&seo_title=&search_description=&attachments-TOTAL_FORMS=0&"
    "attachments-INITIAL_FORMS=0&attachments-MIN_NUM_FORMS=0&attachments-MAX_NUM_FORMS=1000&"
    "comments-TOTAL_FORMS=0&comments-INITIAL_FORMS=0&comments-MIN_NUM_FORMS=0&comments-MAX_NUM_FORMS="
)

LATER = date.today() + timedelta(days=30)  # noqa: DTZ011 – any day that is still to come
WORDS = f"name=changed&name_en=&lead=&lead_en=&picture=&plain_name=&plain_name_en=&day={LATER}"
STANDARD = f"filing=changed&filing_en=&closing=changed&closing_en=&amount=9&unit=work_hour&day={LATER}"

FORMS: dict[str, str] = {
    "CATEGORY_NEW": f"big_class={{big_class}}&code=E0190&{WORDS}",
    "CATEGORY": WORDS,
    "STANDARD_NEW": f"category={{category}}&{STANDARD}",
    "STANDARD": STANDARD,
    "END": f"day={LATER}",
    "BIG_CLASS": "scheme=changed&kind=event&code=77&name=changed&name_en=",
    "STEP_LIMIT": "step=accept&minutes=77",
    "HOLIDAY": "day=2031-01-01&name=changed",
    "TEMPLATE": "title=changed&words=changed&categories=",
    "FORM": PAGE_FORM,
    "PUBLISH": f"{PAGE_FORM}&action-publish=1",
    "SUBMIT": f"{PAGE_FORM}&action-submit=1",
    "ACTION": "destination_page_id={other_notices}&slug=x",
    "MOVE": "chooser={notices}&new_parent_page={notices}",
    "BULK": "collection={collection}&tags=changed&role=1&is_active=False",
    "PARENT": "parent_page={notices}",
    "COPY": "new_title=copied&new_slug=copied&new_parent_page={notices}",
    "COPY_AWAY": "new_title=copied&new_slug=copied&new_parent_page={other_notices}",
    "COMMENT": "comment=changed",
    "PRIVACY": "restriction_type=login",
    "COLLECTION": "name=changed&parent=1",
    "WORKFLOW": "name=changed&active=on&workflow_tasks-TOTAL_FORMS=0&workflow_tasks-INITIAL_FORMS=0&workflow_tasks-MIN_NUM_FORMS=0&workflow_tasks-MAX_NUM_FORMS=1000&workflow_tasks-0-task={task}&workflow_tasks-0-ORDER=1&pages-TOTAL_FORMS=0&pages-INITIAL_FORMS=0&pages-MIN_NUM_FORMS=0&pages-MAX_NUM_FORMS=1000",
    "TASK": "name=changed",
    "ACCOUNT": "name=changed&username=changed&locale-preferred_language=en&theme-theme=dark&theme-density=default&theme-contrast=system&theme-keyboard_shortcuts=on&notifications-submitted_notifications=on",
    "EMBED": "embed-chooser-url=nonsense&url=nonsense",
    "SITE": "hostname=example.org&port=80&site_name=changed&root_page={home}",
    "RESET": "email=nobody@example.org",
    "FORMAT": "image-chooser-insertion-format=left&image-chooser-insertion-alt_text=x",
    "IMAGE": "title=changed&tags=&description=&file=file:image&collection={collection}",
    "IMAGE_KEEP": "title=changed&tags=&description=&collection={collection}",
    "IMAGE_AWAY": "title=changed&tags=&description=&collection={other_collection}",
    "IMAGE_FILES": "files[]=file:image&collection={collection}&title=changed",
    "IMAGE_MULTI": "image-{image}-title=changed&image-{image}-tags=&image-{image}-description=&image-{image}-collection={collection}",
    "IMAGE_UPLOADED": "uploaded-image-{thing}-title=changed&uploaded-image-{thing}-tags=&uploaded-image-{thing}-description=&uploaded-image-{thing}-collection={collection}",
    "IMAGE_CHOOSER": "image-chooser-upload-title=changed&image-chooser-upload-tags=&image-chooser-upload-description=&image-chooser-upload-file=file:image&image-chooser-upload-collection={collection}",
    "DOCUMENT": "title=changed&tags=&description=&file=file:document&collection={collection}",
    "DOCUMENT_KEEP": "title=changed&tags=&description=&collection={collection}",
    "DOCUMENT_AWAY": "title=changed&tags=&description=&collection={other_collection}",
    "DOCUMENT_FILES": "files[]=file:document&collection={collection}&title=changed",
    "DOCUMENT_MULTI": "doc-{document}-title=changed&doc-{document}-tags=&doc-{document}-description=&doc-{document}-collection={collection}",
    "DOCUMENT_UPLOADED": "uploaded-document-{thing}-title=changed&uploaded-document-{thing}-tags=&uploaded-document-{thing}-description=&uploaded-document-{thing}-collection={collection}",
    "DOCUMENT_CHOOSER": "document-chooser-upload-title=changed&document-chooser-upload-tags=&document-chooser-upload-description=&document-chooser-upload-file=file:document&document-chooser-upload-collection={collection}",
    "MOVE_AWAY": "chooser={other_notice_draft}&new_parent_page={other_notice_draft}",
    "FOREIGN_PAGE": PAGE_FORM + "&title=&replaced_by={other_notice_draft}&related_action={other_action_draft}",
    "FOREIGN_DOCUMENT": PAGE_FORM
    + "&attachments-TOTAL_FORMS=1&attachments-0-document={other_document}&attachments-0-title=x&attachments-0-ORDER=1&attachments-0-id=&attachments-0-DELETE=",
    "FOREIGN_IMAGE": PAGE_FORM
    + "&body-count=1&body-0-type=picture&body-0-order=0&body-0-deleted=&body-0-id=&body-0-value-image={other_image}&body-0-value-alt=x&body-0-value-caption=",
    "EXTERNAL_LINK": "external-link-chooser-url=https://example.org/&external-link-chooser-link_text=x",
    "EMAIL_LINK": "email-link-chooser-email_address=a@example.org&email-link-chooser-link_text=x",
    "PHONE_LINK": "phone-link-chooser-phone_number=123&phone-link-chooser-link_text=x",
    "ANCHOR_LINK": "anchor-link-chooser-url=x&anchor-link-chooser-link_text=x",
    "FOREIGN_TEXT": PAGE_FORM
    + '&body={{"blocks":[{{"key":"a","type":"atomic","text":" ","depth":0,"inlineStyleRanges":[],"entityRanges":[{{"key":0,"offset":0,"length":1}}]}}],"entityMap":{{"0":{{"type":"IMAGE","mutability":"IMMUTABLE","data":{{"id":{other_image},"src":"/x","alt":"x","format":"left"}}}}}}}}',
}
"""What is filled in: everything that a form of this kind asks, and something that is to change."""

ADMIN: dict[str, list[Ask]] = {
    "admin/": [
        Ask("GET", "oooo"),
    ],
    "admin/api/main/^pages/": [
        Ask("GET", "oooo"),
    ],
    "admin/api/main/^pages/<int:pk>/": [
        Ask("GET", "ooo.", "notice_draft notice_live notices section"),
        Ask("GET", "oo..", "action_draft action_live"),
        Ask("GET", "o...", "home site_draft"),
        Ask("GET", "....", "root"),
        Ask("DELETE", "----", "notice_draft notice_live section"),
    ],
    "admin/api/main/^pages/find/": [
        Ask("GET", ">>>.", "notice_draft notice_live", query="id={thing}"),
    ],
    "admin/api/main/^documents/": [
        Ask("GET", "oooo"),
    ],
    "admin/api/main/^documents/<int:pk>/": [
        Ask("GET", "ooo.", "document"),
        Ask("DELETE", "----", "document"),
    ],
    "admin/api/main/^documents/find/": [
        Ask("GET", ">>>.", "document", query="id={thing}"),
    ],
    "admin/api/main/^images/": [
        Ask("GET", "oooo"),
    ],
    "admin/api/main/^images/<int:pk>/": [
        Ask("GET", "ooo.", "image"),
        Ask("DELETE", "----", "image"),
    ],
    "admin/api/main/^images/find/": [
        Ask("GET", ">>>.", "image", query="id={thing}"),
    ],
    "admin/api/main/^pages/<int:pk>/action/<str:action_name>/": [
        Ask("POST", "....", "notice_draft notice_live", data="ACTION", fill="action_name=delete"),
        Ask("POST", "....", "notice_draft notice_live", data="ACTION", fill="action_name=move"),
        Ask("POST", "....", "notice_draft notice_live", data="ACTION", fill="action_name=copy"),
        Ask("POST", "....", "notice_draft notice_live", data="ACTION", fill="action_name=publish"),
        Ask("POST", "....", "notice_draft notice_live", data="ACTION", fill="action_name=unpublish"),
    ],
    "admin/pages/": [
        Ask("GET", "o>>>"),
    ],
    "admin/pages/<int:parent_page_id>/": [
        Ask("GET", "ooo>", "notice_draft notice_review notice_locked notice_live notices"),
        Ask("GET", "oo>>", "action_draft action_live actions section"),
        Ask("GET", "o>>>", "home directory site_draft root"),
        Ask("GET", "ooo>", "notices", query="q=zusammen"),
        Ask("GET", "oo>>", "section", query="q=zusammen"),
    ],
    "admin/pages/<int:parent_page_id>/results/": [
        Ask("GET", "ooo>", "notice_draft notice_live"),
        Ask("GET", "oo>>", "action_draft section"),
        Ask("GET", "o>>>", "home"),
    ],
    "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": [
        Ask(
            "GET",
            "ooo.",
            "notice_draft notice_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "GET",
            "oo..",
            "action_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "GET",
            "o...",
            "section home",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "POST",
            "www.",
            "notice_draft notice_review notice_locked",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "POST",
            "xx>.",
            "notice_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "POST",
            "ww..",
            "action_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "POST",
            "xx..",
            "action_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask("POST", "x>>.", "notices", query="id={thing}", fill="app_label=wagtailcore model_name=page action=delete"),
        Ask("POST", "x>..", "actions", query="id={thing}", fill="app_label=wagtailcore model_name=page action=delete"),
        Ask(
            "POST",
            "x...",
            "section home directory",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=delete",
        ),
        Ask(
            "POST", "w...", "site_draft", query="id={thing}", fill="app_label=wagtailcore model_name=page action=delete"
        ),
        Ask("POST", "....", "root", query="id={thing}", fill="app_label=wagtailcore model_name=page action=delete"),
        Ask(
            "GET",
            "ooo.",
            "notice_draft notice_live",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "GET",
            "oo..",
            "action_draft",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "GET",
            "o...",
            "section home",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "wwwx",
            "notice_draft",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "ww>x",
            "notice_live",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "oo.x",
            "action_draft action_live",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "oo>x",
            "notices",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "o..x",
            "section home site_draft",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "POST",
            "...x",
            "root",
            data="MOVE",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "GET",
            "ooo.",
            "notice_draft notice_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "GET",
            "oo..",
            "action_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "GET",
            "o...",
            "section home",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "POST",
            "ww>.",
            "notice_draft notice_live notices",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "POST",
            "ww..",
            "action_draft action_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "POST",
            "w...",
            "section home site_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask("POST", "....", "root", query="id={thing}", fill="app_label=wagtailcore model_name=page action=publish"),
        Ask(
            "GET",
            "ooo.",
            "notice_draft notice_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "GET",
            "oo..",
            "action_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "GET",
            "o...",
            "section home",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "POST",
            ">>>.",
            "notice_draft notice_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "POST",
            ">>..",
            "action_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "POST",
            "ww..",
            "action_live",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "POST", "wx>.", "notices", query="id={thing}", fill="app_label=wagtailcore model_name=page action=unpublish"
        ),
        Ask(
            "POST",
            "w...",
            "section home",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask(
            "POST",
            ">...",
            "site_draft",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=unpublish",
        ),
        Ask("POST", "....", "root", query="id={thing}", fill="app_label=wagtailcore model_name=page action=unpublish"),
        Ask(
            "POST",
            "oxx.",
            "notice_draft",
            data="MOVE_AWAY",
            query="id={thing}",
            fill="app_label=wagtailcore model_name=page action=move",
        ),
        Ask(
            "GET",
            "ooo.",
            "notices",
            query="id=all&childOf={thing}",
            fill="app_label=wagtailcore model_name=page action=publish",
        ),
        Ask(
            "GET",
            "ooo.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=delete",
        ),
        Ask(
            "POST",
            "www.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=delete",
        ),
        Ask(
            "GET",
            "ooo.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=add_tags",
        ),
        Ask(
            "POST",
            "www.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=add_tags",
        ),
        Ask(
            "GET",
            "ooo.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=add_to_collection",
        ),
        Ask(
            "POST",
            ">>>.",
            "image",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtailimages model_name=image action=add_to_collection",
        ),
        Ask(
            "GET",
            "ooo.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=delete",
        ),
        Ask(
            "POST",
            "xxx.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=delete",
        ),
        Ask(
            "GET",
            "ooo.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=add_tags",
        ),
        Ask(
            "POST",
            "www.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=add_tags",
        ),
        Ask(
            "GET",
            "ooo.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=add_to_collection",
        ),
        Ask(
            "POST",
            ">>>.",
            "document",
            data="BULK",
            query="id={thing}",
            fill="app_label=wagtaildocs model_name=document action=add_to_collection",
        ),
        Ask(
            "GET",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=delete",
        ),
        Ask(
            "POST",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=delete",
        ),
        Ask(
            "GET",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=assign_role",
        ),
        Ask(
            "POST",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=assign_role",
        ),
        Ask(
            "GET",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=set_active_state",
        ),
        Ask(
            "POST",
            "....",
            "coordinator",
            data="BULK",
            query="id={thing}",
            fill="app_label=communities model_name=user action=set_active_state",
        ),
    ],
    "admin/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/": [
        Ask("GET", "ooox", "notices", fill="content_type_app_name=portal content_type_model_name=noticepage"),
        Ask("GET", "xxxx", "actions", fill="content_type_app_name=portal content_type_model_name=noticepage"),
        Ask(
            "POST",
            "wwwx",
            "notices",
            data="FORM",
            fill="content_type_app_name=portal content_type_model_name=noticepage",
        ),
        Ask(
            "POST",
            "xxxx",
            "actions",
            data="FORM",
            fill="content_type_app_name=portal content_type_model_name=noticepage",
        ),
        Ask("GET", "xxxx", "actions", fill="content_type_app_name=events content_type_model_name=actionpage"),
        Ask(
            "POST",
            "xxxx",
            "actions",
            data="FORM",
            fill="content_type_app_name=events content_type_model_name=actionpage",
        ),
        Ask(
            "GET",
            "xxxx",
            "directory",
            fill="content_type_app_name=communities content_type_model_name=organisationpage",
        ),
        Ask(
            "POST",
            "xxxx",
            "directory",
            data="FORM",
            fill="content_type_app_name=communities content_type_model_name=organisationpage",
        ),
        Ask("GET", "oxxx", "home", fill="content_type_app_name=portal content_type_model_name=standardpage"),
        Ask(
            "POST",
            "wxxx",
            "home",
            data="FORM",
            fill="content_type_app_name=portal content_type_model_name=standardpage",
        ),
        Ask("GET", "xxxx", "section", fill="content_type_app_name=portal content_type_model_name=noticeindexpage"),
        Ask(
            "POST",
            "xxxx",
            "section",
            data="FORM",
            fill="content_type_app_name=portal content_type_model_name=noticeindexpage",
        ),
    ],
    "admin/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/preview/": [
        Ask("GET", "ooox", "notices", fill="content_type_app_name=portal content_type_model_name=noticepage"),
        Ask(
            "POST",
            "wwwx",
            "notices",
            data="FORM",
            fill="content_type_app_name=portal content_type_model_name=noticepage",
        ),
        Ask("DELETE", "ooox", "notices", fill="content_type_app_name=portal content_type_model_name=noticepage"),
    ],
    "admin/pages/usage/<slug:content_type_app_name>/<slug:content_type_model_name>/": [
        Ask("GET", "oooo", fill="content_type_app_name=portal content_type_model_name=noticepage"),
        Ask("GET", "oooo", fill="content_type_app_name=events content_type_model_name=actionpage"),
        Ask("GET", "oooo", fill="content_type_app_name=communities content_type_model_name=organisationpage"),
        Ask("GET", "oooo", fill="content_type_app_name=portal content_type_model_name=standardpage"),
    ],
    "admin/pages/usage/<slug:content_type_app_name>/<slug:content_type_model_name>/results/": [
        Ask("GET", "oooo", fill="content_type_app_name=portal content_type_model_name=noticepage"),
        Ask("GET", "oooo", fill="content_type_app_name=events content_type_model_name=actionpage"),
        Ask("GET", "oooo", fill="content_type_app_name=communities content_type_model_name=organisationpage"),
        Ask("GET", "oooo", fill="content_type_app_name=portal content_type_model_name=standardpage"),
    ],
    "admin/pages/create/<slug:app_label>/<slug:model_name>": [
        Ask("GET", "o>>>", fill="app_label=portal model_name=noticepage"),
        Ask("POST", ">>>x", "notices", data="PARENT", fill="app_label=portal model_name=noticepage"),
    ],
    "admin/pages/<int:page_id>/usage/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section home"),
    ],
    "admin/pages/<int:page_id>/edit/": [
        Ask("GET", "ooox", "notice_draft notice_review notice_locked notice_live"),
        Ask("GET", "ooxx", "action_draft action_live actions"),
        Ask("GET", "oxxx", "notices section home directory site_draft"),
        Ask("GET", "xxxx", "root"),
        Ask("POST", "wwwx", "notice_draft", data="FORM"),
        Ask("POST", "wwox", "notice_review", data="FORM"),
        Ask("POST", "wxxx", "notices", data="FORM"),
        Ask("POST", "owox", "notice_locked", data="FORM"),
        Ask("POST", "ooox", "notice_live", data="FORM"),
        Ask("POST", "wwxx", "action_draft action_live actions", data="FORM"),
        Ask("POST", "wxxx", "section home directory site_draft", data="FORM"),
        Ask("POST", "xxxx", "root", data="FORM"),
        Ask("POST", "wwwx", "notice_draft", data="PUBLISH"),
        Ask("POST", "wxxx", "notices", data="PUBLISH"),
        Ask("POST", "ooox", "notice_live", data="PUBLISH"),
        Ask("POST", "wwxx", "action_draft action_live", data="PUBLISH"),
        Ask("POST", "wxxx", "section home site_draft", data="PUBLISH"),
        Ask("POST", "xxxx", "root", data="PUBLISH"),
        Ask("POST", "wwwx", "notice_draft", data="SUBMIT"),
        Ask("POST", "ooox", "notice_live", data="SUBMIT"),
        Ask("POST", "wwxx", "action_draft", data="SUBMIT"),
        Ask("POST", "oxxx", "notice_draft", data="FOREIGN_PAGE"),
        Ask("POST", "wxxx", "notice_draft", data="FOREIGN_DOCUMENT"),
        Ask("POST", "wxxx", "notice_draft", data="FOREIGN_IMAGE"),
        Ask("POST", "wxxx", "action_draft", data="FOREIGN_TEXT"),
    ],
    "admin/pages/<int:page_id>/edit/preview/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section home"),
        Ask("POST", "wwwx", "notice_draft notice_live", data="FORM"),
        Ask("POST", "wwxx", "action_draft", data="FORM"),
        Ask("DELETE", "ooox", "notice_draft"),
    ],
    "admin/pages/<int:page_id>/view_draft/": [
        Ask("GET", "ooox", "notice_draft notice_review notice_locked notice_live notices"),
        Ask("GET", "ooxx", "action_draft action_live actions"),
        Ask("GET", "oxxx", "section home directory site_draft"),
        Ask("GET", "xxxx", "root"),
    ],
    "admin/pages/<int:parent_page_id>/add_subpage/": [
        Ask("GET", "xxxx", "notice_draft notice_live action_draft action_live section root"),
        Ask("GET", ">>>x", "notices"),
        Ask("GET", ">xxx", "home site_draft"),
    ],
    "admin/pages/<int:page_id>/delete/": [
        Ask("GET", "ooox", "notice_draft notice_review notice_locked"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "xxxx", "notice_live action_live notices actions section home directory root"),
        Ask("GET", "oxxx", "site_draft"),
        Ask("POST", "wwwx", "notice_draft notice_review notice_locked"),
        Ask("POST", "wwxx", "action_draft"),
        Ask("POST", "xxxx", "notice_live action_live notices actions section home directory root"),
        Ask("POST", "wxxx", "site_draft"),
    ],
    "admin/pages/<int:page_id>/unpublish/": [
        Ask("GET", "xxxx", "notice_draft notice_review notice_locked notice_live action_draft site_draft root"),
        Ask("GET", "ooxx", "action_live notices actions"),
        Ask("GET", "oxxx", "section home directory"),
        Ask("POST", "xxxx", "notice_draft notice_review notice_locked notice_live action_draft site_draft root"),
        Ask("POST", "wwxx", "action_live"),
        Ask("POST", "wxxx", "notices actions section home directory"),
    ],
    "admin/pages/<int:page_id>/convert_alias/": [
        Ask("GET", "....", "notice_draft"),
        Ask("POST", "....", "notice_draft notice_live"),
    ],
    # The operator may write for all organisations and is asked for which; whoever may write for one, which here is
    # everybody else, is led to its empty notice, whoever comes from another organisation to that of his own.
    "admin/notices/write/": [
        Ask("GET", "o>>>"),
    ],
    "admin/pages/search/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/pages/search/results/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/pages/<int:page_to_move_id>/move/": [
        Ask("GET", "ooox", "notice_draft"),
        Ask("GET", "ooxx", "notice_live action_draft action_live notices"),
        Ask("GET", "oxxx", "section home site_draft"),
        Ask("GET", "xxxx", "root"),
        Ask("POST", ">>>x", "notice_draft", data="MOVE"),
        Ask("POST", ">>xx", "notice_live", data="MOVE"),
        Ask("POST", ">>>x", "notice_draft", data="MOVE_AWAY"),
    ],
    "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/": [
        Ask("GET", "ooox", "notice_draft", fill="destination_id={notices}"),
        Ask("GET", "ooxx", "notice_live", fill="destination_id={notices}"),
        Ask(
            "GET",
            "xxxx",
            "action_draft action_live notices section home site_draft root",
            fill="destination_id={notices}",
        ),
        Ask("POST", "wwwx", "notice_draft", fill="destination_id={notices}"),
        Ask("POST", "wwxx", "notice_live", fill="destination_id={notices}"),
        Ask(
            "POST",
            "xxxx",
            "action_draft action_live notices section home site_draft root",
            fill="destination_id={notices}",
        ),
        Ask("GET", "xxxx", "notice_draft notice_live action_draft", fill="destination_id={other_notices}"),
        Ask("POST", "xxxx", "notice_draft notice_live action_draft", fill="destination_id={other_notices}"),
    ],
    "admin/pages/<int:page_to_move_id>/set_position/": [
        Ask("GET", "ooxx", "notice_draft"),
        Ask("POST", "ooxx", "notice_draft action_live", query="position=0"),
        Ask("POST", "wwxx", "notice_review notice_locked notice_live", query="position=0"),
        Ask("POST", "wxxx", "action_draft actions section site_draft", query="position=0"),
        Ask("POST", "oxxx", "notices home directory", query="position=0"),
        Ask("POST", "xxxx", "root", query="position=0"),
    ],
    "admin/pages/<int:page_id>/copy/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "xxxx", "action_draft section home"),
        Ask("POST", "wwwx", "notice_draft notice_review notice_locked notice_live", data="COPY"),
        Ask("POST", "xxxx", "action_draft action_live notices actions section home directory root", data="COPY"),
        Ask("POST", "xxxx", "site_draft", data="COPY"),
        Ask("POST", "xxxx", "notice_draft notice_live", data="COPY_AWAY"),
    ],
    "admin/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/": [
        Ask("GET", "ooxx", "notice_review", fill="action_name=approve"),
        Ask("POST", "wwxx", "notice_review", data="COMMENT", fill="action_name=approve"),
        Ask("POST", "xxxx", "notice_draft", data="COMMENT", fill="action_name=approve"),
        Ask("GET", "ooxx", "notice_review", fill="action_name=reject"),
        Ask("POST", "wwxx", "notice_review", data="COMMENT", fill="action_name=reject"),
    ],
    "admin/pages/workflow/collect_action_data/<int:page_id>/<slug:action_name>/<int:task_state_id>/": [
        Ask("GET", "ooxx", "notice_review", fill="action_name=approve"),
        Ask("POST", "ooxx", "notice_review", data="COMMENT", fill="action_name=approve"),
        Ask("POST", "xxxx", "notice_draft", data="COMMENT", fill="action_name=approve"),
        Ask("GET", "ooxx", "notice_review", fill="action_name=reject"),
        Ask("POST", "ooxx", "notice_review", data="COMMENT", fill="action_name=reject"),
    ],
    "admin/pages/workflow/confirm_cancellation/<int:page_id>/": [
        Ask("GET", "ooox", "notice_review notice_draft"),
    ],
    "admin/pages/workflow/preview/<int:page_id>/<int:task_id>/": [
        Ask("GET", "ooxx", "notice_review"),
        Ask("GET", "xxxx", "notice_draft"),
    ],
    "admin/pages/<int:page_id>/privacy/": [
        Ask("GET", "ooxx", "notice_draft notice_live action_draft"),
        Ask("GET", "oxxx", "section home"),
        Ask("POST", "ooxx", "notice_draft notice_live action_draft action_live notices", data="PRIVACY"),
        Ask("POST", "wxxx", "section home site_draft", data="PRIVACY"),
        Ask("POST", "xxxx", "root", data="PRIVACY"),
    ],
    "admin/pages/<int:page_id>/lock/": [
        Ask("GET", "---x", "notice_draft"),
        Ask("POST", ">xxx", "notice_locked"),
        Ask("POST", "wxxx", "notice_draft notice_live action_draft action_live notices section home site_draft"),
        Ask("POST", "xxxx", "root"),
    ],
    "admin/pages/<int:page_id>/unlock/": [
        Ask("GET", "---x", "notice_draft"),
        Ask("POST", "wwxx", "notice_locked"),
        Ask("POST", ">xxx", "notice_draft notice_live action_draft action_live notices section home site_draft"),
        Ask("POST", "xxxx", "root"),
    ],
    "admin/pages/<int:page_id>/revisions/": [
        Ask("GET", ">>>>", "notice_draft notice_live action_draft section home"),
    ],
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/view/": [
        Ask("GET", "ooox", "notice_draft notice_live notices"),
        Ask("GET", "ooxx", "action_draft action_live"),
        Ask("GET", "oxxx", "section"),
        Ask("GET", ".xxx", "home site_draft"),
        Ask("GET", "xxxx", "root"),
        Ask("GET", "...x", "notice_draft", fill="revision_id={other_notice_draft_revision}"),
    ],
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/revert/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section"),
        Ask("GET", ".xxx", "home"),
        Ask("POST", "wwwx", "notice_draft", data="FORM"),
        Ask("POST", "ooox", "notice_live", data="FORM"),
    ],
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/": [
        Ask("GET", "ooxx", "notice_live", fill="revision_id={scheduled}"),
        Ask("POST", "wwxx", "notice_live", fill="revision_id={scheduled}"),
    ],
    r"admin/pages/^(\d+)/revisions/compare/(live|earliest|\d+)\.\.\.(live|latest|\d+)/$": [
        Ask("GET", "ooox", "notice_draft notice_live notices"),
        Ask("GET", "ooxx", "action_draft action_live"),
        Ask("GET", "oxxx", "section home"),
        Ask("GET", ".xxx", "site_draft"),
        Ask("GET", "xxxx", "root"),
    ],
    "admin/pages/<int:page_id>/workflow_history/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section home"),
    ],
    "admin/pages/<int:page_id>/history/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section home"),
    ],
    "admin/pages/<int:page_id>/history/results/": [
        Ask("GET", "ooox", "notice_draft notice_live"),
        Ask("GET", "ooxx", "action_draft"),
        Ask("GET", "oxxx", "section home"),
    ],
    "admin/pages/<int:page_id>/workflow_history/detail/<int:workflow_state_id>/": [
        Ask("GET", "ooox", "notice_review"),
        Ask("GET", "...x", "notice_draft"),
    ],
    "admin/choose-page/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="page_type=portal.noticepage"),
    ],
    "admin/choose-page/<int:parent_page_id>/": [
        Ask("GET", "ooo.", "notice_draft notice_review notice_locked action_draft"),
        Ask("GET", "oooo", "notice_live action_live notices actions section home directory root"),
        Ask("GET", "o...", "site_draft"),
        Ask("GET", "oooo", "notices", query="user_perms=move_to&target_pages[]={notice_draft}"),
    ],
    "admin/choose-page/search/": [
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/choose-page/chosen-multiple/": [
        Ask(
            "GET",
            "oooo",
            "notice_draft notice_live action_draft action_live notices section home site_draft root",
            query="id={thing}",
        ),
    ],
    "admin/choose-external-link/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="EXTERNAL_LINK"),
    ],
    "admin/choose-email-link/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="EMAIL_LINK"),
    ],
    "admin/choose-phone-link/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="PHONE_LINK"),
    ],
    "admin/choose-anchor-link/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="ANCHOR_LINK"),
    ],
    "admin/tag-autocomplete/": [
        Ask("GET", "oooo", query="term=zq"),
    ],
    "admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/": [
        Ask("GET", "oooo", query="term=zq", fill="app_name=taggit model_name=tag"),
        Ask("GET", "....", query="term=zq", fill="app_name=wagtailimages model_name=image"),
    ],
    "admin/collections/": [
        Ask("GET", "oxxx"),
    ],
    "admin/collections/add/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="COLLECTION"),
    ],
    "admin/collections/<int:pk>/": [
        Ask("GET", "oxxx", "collection"),
        Ask("POST", "wxxx", "collection", data="COLLECTION"),
    ],
    "admin/collections/<int:pk>/delete/": [
        Ask("GET", "o...", "collection"),
        Ask("POST", "x...", "collection"),
    ],
    "admin/collections/<int:collection_id>/privacy/": [
        Ask("GET", "oxxx", "collection"),
        Ask("POST", "wxxx", "collection", data="PRIVACY"),
    ],
    "admin/workflows/list/": [
        Ask("GET", "oxxx"),
    ],
    "admin/workflows/list/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/workflows/tasks/select_type/": [
        Ask("GET", "oxxx"),
    ],
    "admin/workflows/tasks/index/": [
        Ask("GET", "oxxx"),
    ],
    "admin/workflows/tasks/index/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/workflows/task_chooser/": [
        Ask("GET", "oooo"),
    ],
    "admin/workflows/task_chooser/results/": [
        Ask("GET", "oooo"),
    ],
    "admin/workflows/add/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="WORKFLOW"),
    ],
    "admin/workflows/enable/<int:pk>/": [
        Ask("GET", "----", "workflow"),
        Ask("POST", ">xxx", "workflow"),
    ],
    "admin/workflows/tasks/enable/<int:pk>/": [
        Ask("GET", "----", "task"),
        Ask("POST", ">xxx", "task"),
    ],
    "admin/workflows/disable/<int:pk>/": [
        Ask("GET", "oxxx", "workflow"),
        Ask("POST", "wxxx", "workflow"),
    ],
    "admin/workflows/tasks/disable/<int:pk>/": [
        Ask("GET", "oxxx", "task"),
        Ask("POST", "wxxx", "task"),
    ],
    "admin/workflows/edit/<int:pk>/": [
        Ask("GET", "oxxx", "workflow"),
        Ask("POST", "wxxx", "workflow", data="WORKFLOW"),
    ],
    "admin/workflows/usage/<int:pk>/": [
        Ask("GET", "oxxx", "workflow"),
    ],
    "admin/workflows/usage/<int:pk>/results/": [
        Ask("GET", "oxxx", "workflow"),
    ],
    "admin/workflows/remove/<int:page_pk>/": [
        Ask("GET", "----", "root notices"),
        Ask("POST", "wxxx", "root"),
        Ask("POST", ">xxx", "notices"),
    ],
    "admin/workflows/remove/<int:page_pk>/<int:workflow_pk>/": [
        Ask("GET", "----", "root notices"),
        Ask("POST", "wxxx", "root"),
        Ask("POST", ">xxx", "notices"),
    ],
    "admin/workflows/tasks/add/<str:app_label>/<str:model_name>/": [
        Ask("GET", "oxxx", fill="app_label=communities model_name=reviewtask"),
        Ask("POST", "wxxx", data="TASK", fill="app_label=communities model_name=reviewtask"),
    ],
    "admin/workflows/tasks/edit/<int:pk>/": [
        Ask("GET", "oxxx", "task"),
        Ask("POST", "wxxx", "task", data="TASK"),
    ],
    "admin/workflows/task_chooser/create/": [
        Ask("GET", "oooo"),
        Ask("POST", "????", data="TASK"),
    ],
    "admin/workflows/task_chooser/<int:task_id>/": [
        Ask("GET", "oooo", "task"),
    ],
    "admin/reports/locked/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/reports/locked/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/reports/workflow/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="export=csv"),
    ],
    "admin/reports/workflow/results/": [
        Ask("GET", "oooo"),
    ],
    "admin/reports/workflow_tasks/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="export=csv"),
    ],
    "admin/reports/workflow_tasks/results/": [
        Ask("GET", "oooo"),
    ],
    "admin/reports/site-history/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="export=csv"),
    ],
    "admin/reports/site-history/results/": [
        Ask("GET", "oooo"),
    ],
    "admin/reports/aging-pages/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="export=csv"),
    ],
    "admin/reports/aging-pages/results/": [
        Ask("GET", "oooo"),
    ],
    "admin/reports/page-types-usage/": [
        Ask("GET", "oxxx"),
    ],
    "admin/reports/page-types-usage/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/account/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="ACCOUNT"),
    ],
    "admin/logout/": [
        Ask("GET", "----"),
        Ask("POST", "LLLL"),
    ],
    "admin/dismissibles/": [
        Ask("GET", "oooo"),
        Ask("PATCH", "????"),
    ],
    "admin/editing-sessions/ping/<str:app_label>/<str:model_name>/<str:object_id>/<int:session_id>/": [
        Ask(
            "GET",
            "----",
            "notice_draft notice_live action_draft section home",
            fill="app_label=wagtailcore model_name=page session_id=1",
        ),
        Ask("POST", "ooo.", "notice_draft notice_live", fill="app_label=wagtailcore model_name=page session_id=1"),
        Ask("POST", "oo..", "action_draft", fill="app_label=wagtailcore model_name=page session_id=1"),
        Ask("POST", "o...", "section home", fill="app_label=wagtailcore model_name=page session_id=1"),
    ],
    "admin/editing-sessions/release/<int:session_id>/": [
        Ask("POST", "oooo", fill="session_id=1"),
    ],
    "admin/block-preview/": [
        Ask("GET", "...."),
    ],
    "admin/embeds/chooser/": [
        Ask("GET", "oooo"),
    ],
    "admin/embeds/chooser/upload/": [
        Ask("GET", "oooo"),
        Ask("POST", "oooo", data="EMBED"),
    ],
    "admin/documents/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
        Ask("GET", "oooo", query="collection_id={other_collection}"),
    ],
    "admin/documents/results/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/documents/add/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="DOCUMENT"),
    ],
    "admin/documents/edit/<int:document_id>/": [
        Ask("GET", "ooox", "document"),
        Ask("POST", "wwwx", "document", data="DOCUMENT_KEEP"),
        Ask("POST", "wwwx", "document", data="DOCUMENT_AWAY"),
    ],
    "admin/documents/delete/<int:document_id>/": [
        Ask("GET", "xxxx", "document"),
        Ask("POST", "xxxx", "document"),
    ],
    "admin/documents/multiple/add/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="DOCUMENT_FILES"),
    ],
    "admin/documents/multiple/<int:doc_id>/": [
        Ask("GET", "----", "document"),
        Ask("POST", "wwwx", "document", data="DOCUMENT_MULTI"),
    ],
    "admin/documents/multiple/<int:doc_id>/delete/": [
        Ask("GET", "xxx-", "document"),
        Ask("POST", "xxxx", "document"),
    ],
    "admin/documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/": [
        Ask("GET", "----", "uploaded_document"),
        Ask("POST", "x*xx", "uploaded_document", data="DOCUMENT_UPLOADED"),
    ],
    "admin/documents/multiple/delete_upload/<int:uploaded_file_id>/": [
        Ask("GET", "----", "uploaded_document"),
        Ask("POST", "xwxx", "uploaded_document"),
    ],
    "admin/documents/usage/<int:document_id>/": [
        Ask("GET", "ooox", "document"),
    ],
    "admin/documents/chooser/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/documents/chooser/results/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
        Ask("GET", "oooo", query="collection_id={other_collection}"),
    ],
    "admin/documents/chooser/chosen/<str:pk>/": [
        Ask("GET", "ooox", "document"),
    ],
    "admin/documents/chooser/chosen-multiple/": [
        Ask("GET", "oooo", "document", query="id={thing}"),
    ],
    "admin/documents/chooser/create/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="DOCUMENT_CHOOSER"),
    ],
    "admin/images/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
        Ask("GET", "oooo", query="collection_id={other_collection}"),
    ],
    "admin/images/results/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/images/add/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="IMAGE"),
    ],
    "admin/images/<int:image_id>/": [
        Ask("GET", "ooox", "image"),
        Ask("POST", "wwwx", "image", data="IMAGE_KEEP"),
        Ask("POST", "wwwx", "image", data="IMAGE_AWAY"),
    ],
    "admin/images/<int:image_id>/delete/": [
        Ask("GET", "ooox", "image"),
        Ask("POST", "wwwx", "image"),
    ],
    "admin/images/multiple/add/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="IMAGE_FILES"),
    ],
    "admin/images/multiple/<int:image_id>/": [
        Ask("GET", "----", "image"),
        Ask("POST", "wwwx", "image", data="IMAGE_MULTI"),
    ],
    "admin/images/multiple/<int:image_id>/delete/": [
        Ask("GET", "----", "image"),
        Ask("POST", "wwwx", "image"),
    ],
    "admin/images/multiple/create_from_uploaded_image/<int:uploaded_file_id>/": [
        Ask("GET", "----", "uploaded_image"),
        Ask("POST", "xwxx", "uploaded_image", data="IMAGE_UPLOADED"),
    ],
    "admin/images/multiple/delete_upload/<int:uploaded_file_id>/": [
        Ask("GET", "----", "uploaded_image"),
        Ask("POST", "xwxx", "uploaded_image"),
    ],
    "admin/images/usage/<int:image_id>/": [
        Ask("GET", "ooox", "image"),
    ],
    "admin/images/chooser/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
    ],
    "admin/images/chooser/results/": [
        Ask("GET", "oooo"),
        Ask("GET", "oooo", query="q=zusammen"),
        Ask("GET", "oooo", query="collection_id={other_collection}"),
    ],
    "admin/images/chooser/chosen/<str:pk>/": [
        Ask("GET", "ooox", "image"),
    ],
    "admin/images/chooser/chosen-multiple/": [
        Ask("GET", "oooo", "image", query="id={thing}"),
    ],
    "admin/images/chooser/create/": [
        Ask("GET", "oooo"),
        Ask("POST", "wwww", "collection", data="IMAGE_CHOOSER"),
    ],
    "admin/images/<int:image_id>/generate_url/": [
        Ask("GET", "....", "image"),
    ],
    "admin/images/<int:image_id>/generate_url/output/": [
        Ask("GET", "....", "image"),
    ],
    "admin/images/<int:image_id>/preview/<str:filter_spec>/": [
        Ask("GET", "ooox", "image", fill="filter_spec=width-4"),
    ],
    "admin/images/chooser/<int:image_id>/select_format/": [
        Ask("GET", "ooo.", "image"),
        Ask("POST", "ooo.", "image", data="FORMAT"),
    ],
    "admin/sites/": [
        Ask("GET", "oxxx"),
    ],
    "admin/sites/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/sites/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="SITE"),
    ],
    "admin/sites/edit/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
        Ask("POST", "wxxx", "site", data="SITE"),
    ],
    "admin/sites/delete/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
        Ask("POST", "wxxx", "site", data="SITE"),
    ],
    "admin/sites/copy/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
        Ask("POST", "wxxx", "site", data="SITE"),
    ],
    "admin/sites/history/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
    ],
    "admin/sites/history-results/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
    ],
    "admin/sites/usage/<int:pk>/": [
        Ask("GET", "oxxx", "site"),
    ],
    "admin/users/": [
        Ask("GET", "...."),
    ],
    "admin/users/results/": [
        Ask("GET", "...."),
    ],
    "admin/users/new/": [
        Ask("GET", "...."),
        Ask("POST", "....", data="ACCOUNT"),
    ],
    "admin/users/edit/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
        Ask("POST", "....", "coordinator", data="ACCOUNT"),
    ],
    "admin/users/delete/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
        Ask("POST", "....", "coordinator", data="ACCOUNT"),
    ],
    "admin/users/copy/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
        Ask("POST", "....", "coordinator", data="ACCOUNT"),
    ],
    "admin/users/history/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "admin/users/history-results/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "admin/users/usage/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "admin/groups/": [
        Ask("GET", "...."),
    ],
    "admin/groups/results/": [
        Ask("GET", "...."),
    ],
    "admin/groups/new/": [
        Ask("GET", "...."),
        Ask("POST", "....", data="ACCOUNT"),
    ],
    "admin/groups/edit/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
        Ask("POST", "....", "coordinator", data="ACCOUNT"),
    ],
    "admin/groups/delete/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
        Ask("POST", "....", "coordinator", data="ACCOUNT"),
    ],
    "admin/groups/history/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "admin/groups/history-results/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "admin/groups/usage/<int:pk>/": [
        Ask("GET", "....", "coordinator"),
    ],
    "^admin/(?:users|groups)/": [
        Ask("GET", "...."),
    ],
    "admin/rules/categories/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/categories/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/categories/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="CATEGORY_NEW"),
    ],
    "admin/rules/categories/edit/<int:pk>/": [
        Ask("GET", "oxxx", "category"),
        Ask("POST", "wxxx", "category", data="CATEGORY"),
    ],
    "admin/rules/categories/delete/<int:pk>/": [
        Ask("GET", "oxxx", "category"),
        Ask("POST", "wxxx", "category", data="END"),
    ],
    "admin/rules/standards/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/standards/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/standards/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="STANDARD_NEW"),
    ],
    "admin/rules/standards/edit/<int:pk>/": [
        Ask("GET", "oxxx", "standard"),
        Ask("POST", "wxxx", "standard", data="STANDARD"),
    ],
    "admin/rules/standards/delete/<int:pk>/": [
        Ask("GET", "oxxx", "standard"),
        Ask("POST", "wxxx", "standard", data="END"),
    ],
    "admin/rules/big-classes/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/big-classes/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/big-classes/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="BIG_CLASS"),
    ],
    "admin/rules/big-classes/edit/<int:pk>/": [
        Ask("GET", "oxxx", "big_class"),
        Ask("POST", "wxxx", "big_class", data="BIG_CLASS"),
    ],
    "admin/rules/big-classes/delete/<int:pk>/": [
        Ask("GET", "oxxx", "big_class"),
        Ask("POST", "xxxx", "big_class"),
    ],
    "admin/rules/limits/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/limits/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/limits/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "oxxx", data="STEP_LIMIT"),  # each step has one
    ],
    "admin/rules/limits/edit/<int:pk>/": [
        Ask("GET", "oxxx", "limit"),
        Ask("POST", "wxxx", "limit", data="STEP_LIMIT"),
    ],
    "admin/rules/limits/delete/<int:pk>/": [
        Ask("GET", "oxxx", "limit"),
        Ask("POST", "wxxx", "limit"),
    ],
    "admin/rules/holidays/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/holidays/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/holidays/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="HOLIDAY"),
    ],
    "admin/rules/holidays/edit/<int:pk>/": [
        Ask("GET", "oxxx", "holiday"),
        Ask("POST", "wxxx", "holiday", data="HOLIDAY"),
    ],
    "admin/rules/holidays/delete/<int:pk>/": [
        Ask("GET", "oxxx", "holiday"),
        Ask("POST", "wxxx", "holiday"),
    ],
    "admin/rules/reply-templates/": [
        Ask("GET", "oxxx"),
        Ask("GET", "oxxx", query="q=zusammen"),
        Ask("GET", "oxxx", query="export=csv"),
    ],
    "admin/rules/reply-templates/results/": [
        Ask("GET", "oxxx"),
    ],
    "admin/rules/reply-templates/new/": [
        Ask("GET", "oxxx"),
        Ask("POST", "wxxx", data="TEMPLATE"),
    ],
    "admin/rules/reply-templates/edit/<int:pk>/": [
        Ask("GET", "oxxx", "template"),
        Ask("POST", "wxxx", "template", data="TEMPLATE"),
    ],
    "admin/rules/reply-templates/delete/<int:pk>/": [
        Ask("GET", "oxxx", "template"),
        Ask("POST", "wxxx", "template"),
    ],
    "admin/sprite/": [
        Ask("GET", "oooo"),
    ],
    "admin/jsi18n/": [
        Ask("GET", "oooo"),
    ],
    "admin/login/": [
        Ask("GET", "LLLL"),
        Ask("POST", "LLLL"),
    ],
    "admin/password_reset/": [
        Ask("GET", "...."),
        Ask("POST", "....", data="RESET"),
    ],
    "admin/password_reset/done/": [
        Ask("GET", "...."),
    ],
    "admin/password_reset/confirm/<uidb64>/<token>/": [
        Ask("GET", "....", fill="uidb64=MQ token=set-password"),
    ],
    "admin/password_reset/complete/": [
        Ask("GET", "...."),
    ],
    "admin/failwhale/": [
        Ask("GET", "...."),
    ],
    "admin/test404/": [
        Ask("GET", "...."),
    ],
    "admin/^.*/$": [
        Ask("GET", "...."),
    ],
}
"""Route → what is asked there and what is answered. A new route needs a row: see ``test_every_admin_address_has_a_row``."""
