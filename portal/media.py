"""Pictures that people uploaded, served by the site itself; a proxy may take ``/media/images/`` over."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

from kit.web import public

DAY = 24 * 3600  # seconds


@public
@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition: re-encoded by us, its name changes with its content.

    Originals and documents are not below this address: the ones carry what the camera wrote into them, the others
    belong to those whom Wagtail's document view lets in.
    """
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT / "images"))
    except OSError as error:  # a name that no file system can hold
        raise Http404 from error
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    # Whatever the bytes pretend to be, they are looked at, not run.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if isinstance(response, FileResponse):
        response.headers["Content-Disposition"] = "inline"
    return response
