"""Where programs begin: what there is, and its description."""

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from kit.contract import READ, answers
from kit.web import public

LISTS = ("notices", "actions", "shifts", "organisations", "zones", "cells", "roads", "cases")


@public
@extend_schema(responses=answers(OpenApiTypes.OBJECT))
@api_view(READ)
def root(request: Request) -> Response:
    """The lists there are, and where they are described."""
    lists = {name: reverse(f"api:{name}", request=request) for name in (*LISTS, "schema")}
    return Response({**lists, "updates": reverse("api:updates", args=["town"], request=request)})


@public
@extend_schema(responses=answers(OpenApiTypes.OBJECT))
@api_view(READ)
def schema(request: Request) -> Response:
    """This description, as OpenAPI in JSON."""
    return Response(SchemaGenerator().get_schema(request=request, public=True))
