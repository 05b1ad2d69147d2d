"""The OpenAPI 3.1 document and its human page, both made from the table in ``domain.py``.

FastAPI describes the calls and does not serve them: the BFF validates nothing that RentProcess
validates, so FastAPI's layers around a handler would only cost time.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from bff.domain import ALWAYS, FEATURES, HEALTH, OPERATIONS, READY, WEBHOOK, Operation
from shared.contracts.problems import STATUS_OF_CODE, ProblemDetails

if TYPE_CHECKING:
    from fastapi import FastAPI

TITLE = "RentACar"
VERSION = "1.0"
SUMMARY = "Search, book, pay: the public API of RentACar."
REF = "#/components/schemas/{model}"
PROBLEM = {"application/problem+json": {"schema": {"$ref": REF.format(model="ProblemDetails")}}}
_PLACES = re.compile(r"\{(\w+)\}")
CORRELATION = {
    "X-Correlation-Id": {
        "description": "The trace id: name it when you ask for help",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    }
}


def _describe(described: Operation) -> dict[str, Any]:
    """What FastAPI's ``add_api_route`` is told about one call."""
    is_file = described.media_type != "application/json"
    return {
        **({"response_class": Response} if is_file else {}),
        "summary": described.summary,
        "name": described.name,
        "operation_id": described.name,
        "tags": [described.tag],
        "status_code": int(described.status),
        "response_model": described.response,
        "response_description": described.status.phrase,
        "responses": _error_responses(described) | _other_responses(described),
        "openapi_extra": _inputs(described),
    }


def _described_app(prefix: str) -> "FastAPI":
    from fastapi import FastAPI  # noqa: PLC0415 -- import budget: few read this document

    async def described() -> None: ...  # stands for the call; nobody calls it

    app = FastAPI(title=TITLE, openapi_url=None)
    for each in (*OPERATIONS, HEALTH, READY, FEATURES, WEBHOOK):
        details = _describe(each)
        app.add_api_route(prefix + each.path, described, methods=[each.method], **details)
    return app


@cache
def openapi_document(prefix: str) -> str:
    from fastapi.openapi.utils import get_openapi  # noqa: PLC0415 -- likewise

    routes = _described_app(prefix).routes
    document = get_openapi(title=TITLE, version=VERSION, summary=SUMMARY, routes=routes)
    models: list[type[BaseModel]] = [ProblemDetails]
    models += [each.request for each in OPERATIONS if each.request is not None]
    _, definitions = models_json_schema([(m, "validation") for m in models], ref_template=REF)
    components = document.setdefault("components", {})
    components["schemas"] = definitions["$defs"] | components.get("schemas", {})
    components["securitySchemes"] = {
        "manage_token": {
            "type": "http",
            "scheme": "bearer",
            "description": "The manage token of a rental, or an OpenID access token",
        }
    }
    return json.dumps(document, ensure_ascii=False)


@cache
def render_page(prefix: str) -> str:
    from jinja2 import Environment  # noqa: PLC0415 -- import budget: few read this page

    template = Path(__file__).with_name("documentation.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(document=json.loads(openapi_document(prefix)))


def _error_responses(described: Operation) -> dict[int | str, dict[str, Any]]:
    """Group the codes by status: ``409: car_unavailable, offer_expired``."""
    codes_of: dict[int, list[str]] = {}
    for code in (*described.errors, *ALWAYS):
        codes_of.setdefault(STATUS_OF_CODE[code], []).append(f"`{code}`")
    if described.access == "operator":
        codes_of.setdefault(403, []).append("`forbidden`")
    return {
        status: {"description": ", ".join(codes), "content": PROBLEM, "headers": CORRELATION}
        for status, codes in sorted(codes_of.items())
    }


def _other_responses(described: Operation) -> dict[int | str, dict[str, Any]]:
    others: dict[int | str, dict[str, Any]] = {int(described.status): {"headers": CORRELATION}}
    if described.media_type != "application/json":
        file = {described.media_type: {"schema": {"type": "string", "format": "binary"}}}
        others[int(described.status)]["content"] = file
    if described.csv:
        others[int(described.status)]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    if described.conditional:
        others[304] = {"description": "Not changed since the ETag in If-None-Match"}
    if described.name == "get_readiness" and described.response is not None:
        others[503] = {"model": described.response, "description": "A dependency is down"}
    return others


def _inputs(described: Operation) -> dict[str, Any]:
    parameters = [
        _parameter("path", name, {"type": "string"}, required=True)
        for name in _PLACES.findall(described.path)
    ]
    if described.query is not None:
        schema = described.query.model_json_schema(ref_template=REF)
        parameters += [
            _parameter("query", name, field, required=name in schema.get("required", ()))
            for name, field in schema["properties"].items()
        ]
    if described.idempotent:
        field = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        parameters.append(_parameter("header", "Idempotency-Key", field, required=True))
    if described.conditional:
        parameters.append(_parameter("header", "If-None-Match", {"type": "string"}, required=False))
    extra: dict[str, Any] = {"parameters": parameters}
    if described.request is not None:
        schema = {"$ref": REF.format(model=described.request.__name__)}
        extra["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if described.file_types:
        file = {"schema": {"type": "string", "format": "binary"}}
        content = dict.fromkeys(described.file_types, file)
        extra["requestBody"] = {"required": True, "content": content}
    if described.access != "public":
        extra["security"] = [{"manage_token": []}]
    return extra


def _parameter(place: str, name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"in": place, "name": name, "required": required, "schema": schema}
