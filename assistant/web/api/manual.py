"""The API's documentation in the reader's language: OpenAPI for programs, and a page for people without any script."""

from __future__ import annotations

import html
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.routing import BaseRoute

from assistant.web.api.uploads import FIELD, FILES, LARGEST
from assistant.web.html import Style
from corpus.messages import CATALOGUE, language, message

STYLE = Style.load(Path(__file__).parent / "manual.css", frames="'none'")
EVENTS = "text/event-stream"
TAGS = (
    "api-tag-ask",
    "api-tag-documents",
    "api-tag-jobs",
    "api-tag-collections",
    "api-tag-feedback",
    "api-tag-service",
)

Facts = Mapping[str, Any]
"""A part of the OpenAPI."""


class Described:
    """The OpenAPI of some routes, in the language that is spoken."""

    def __init__(self, routes: Sequence[BaseRoute], *, version: str) -> None:
        """Take the routes; nothing is described yet."""
        self._routes, self._version = routes, version
        self._spoken: dict[str, dict[str, Any]] = {}

    def spoken(self) -> dict[str, Any]:
        """Return the OpenAPI, whose descriptions are keys of the catalogue until they are told."""
        if language() not in self._spoken:
            self._spoken[language()] = _told(self._written)
        return self._spoken[language()]

    @cached_property
    def _written(self) -> dict[str, Any]:
        return get_openapi(
            title="api-title",
            version=self._version,
            description="api-intro",
            routes=self._routes,
            tags=[{"name": tag} for tag in TAGS],
        )


def _told(part: Any) -> Any:  # noqa: ANN401 - any part of an OpenAPI
    if isinstance(part, dict):
        # what describes a class or a function is for those who read the code
        strange = isinstance(part.get("description"), str) and part["description"] not in CATALOGUE
        return {name: _told(value) for name, value in part.items() if name != "description" or not strange}
    if isinstance(part, list):
        return [_told(value) for value in part]
    if isinstance(part, str) and part.startswith("api-") and part in CATALOGUE:
        return message(part, files=FILES, megabytes=LARGEST >> 20)
    return part


# -- the page


def respond(described: Facts, *, base: str) -> HTMLResponse:
    """Return the page; `base` is the address that its examples call."""
    return STYLE.response(STYLE.page(described["info"]["title"], _body(described, base.rstrip("/"))))


def _body(described: Facts, base: str) -> str:
    info, groups = described["info"], _groups(described)
    parts = [
        f"<header><h1>{html.escape(info['title'])} <small>{html.escape(info['version'])}</small></h1>",
        f"<p>{html.escape(info['description'])}</p>",
        f'<p><a href="{html.escape(base)}/api/v1/openapi.json">{_say("api-docs-raw", address="openapi.json")}</a></p>',
        f"</header>{_contents(groups)}<main>",
    ]
    for tag, operations in groups.items():
        parts.append(f"<section><h2>{html.escape(tag)}</h2>")
        parts += [_operation(one, base) for one in operations]
        parts.append("</section>")
    parts.append(f"<section><h2>{_say('api-docs-models')}</h2>")
    parts += [_model(name, schema) for name, schema in described["components"]["schemas"].items()]
    return "".join([*parts, "</section></main>"])


def _say(key: str, **values: object) -> str:
    return html.escape(message(key, **values))


@dataclass(frozen=True, slots=True)
class _Operation:
    """One method of one path."""

    path: str
    method: str  # in capitals
    facts: Facts
    bodies: Sequence[tuple[str, Facts]]  # what it takes: types of content, and objects

    @property
    def id(self) -> str:
        """What a link names."""
        return str(self.facts["operationId"])


def _groups(described: Facts) -> dict[str, list[_Operation]]:
    groups: dict[str, list[_Operation]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, facts in methods.items():
            bodies = [*_bodies(facts, described["components"]["schemas"])]
            groups[facts["tags"][0]].append(_Operation(path, method.upper(), facts, bodies))
    return groups


def _bodies(facts: Facts, models: Facts) -> Iterator[tuple[str, Facts]]:
    for kind, content in facts.get("requestBody", {}).get("content", {}).items():
        for schema in content["schema"].get("anyOf", [content["schema"]]):
            yield kind, models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _contents(groups: Mapping[str, Sequence[_Operation]]) -> str:
    lists = (
        f"<p>{html.escape(tag)}</p><ul>"
        + "".join(
            f'<li><a href="#{html.escape(one.id)}">{_method(one.method)}'
            f"<code>{html.escape(one.path)}</code> <span>{html.escape(one.facts['summary'])}</span></a></li>"
            for one in operations
        )
        + "</ul>"
        for tag, operations in groups.items()
    )
    return f'<nav aria-label="{_say("api-docs-contents")}">{"".join(lists)}</nav>'


def _method(method: str) -> str:
    return f'<b class="{method.lower()}">{method}</b>'


def _operation(one: _Operation, base: str) -> str:
    facts = one.facts
    more = f"<p>{html.escape(facts['description'])}</p>" if "description" in facts else ""
    parts = [
        f'<article id="{html.escape(one.id)}"><h3>{_method(one.method)}<code>{html.escape(one.path)}</code></h3>',
        f'<p class="summary">{html.escape(facts["summary"])}</p>{more}',
        _parameters(facts.get("parameters", [])),
    ]
    for kind, schema in one.bodies:
        parts.append(f"<h4>{_say('api-docs-body')} <code>{html.escape(kind)}</code></h4>{_fields(schema)}")
    parts += [_answers(facts["responses"]), f"<h4>{_say('api-docs-example')}</h4>"]
    parts += [f"<pre><code>{html.escape(line)}</code></pre>" for line in _examples(one, base)]
    return "".join([*parts, "</article>"])


def _parameters(parameters: Sequence[Facts]) -> str:
    rows = [_row(one["name"], {**one["schema"], **one}, is_required=one.get("required", False)) for one in parameters]
    return f"<h4>{_say('api-docs-parameters')}</h4>{_table(rows)}" if rows else ""


def _answers(responses: Facts) -> str:
    items = []
    for status, facts in responses.items():
        kinds = [
            f"<code>{html.escape(kind)}</code> {_type(content.get('schema', {}))}"
            for kind, content in facts.get("content", {}).items()
        ]
        items.append(f"<li><b>{html.escape(status)}</b> {html.escape(facts['description'])} {'; '.join(kinds)}</li>")
    return f"<h4>{_say('api-docs-answers')}</h4><ul>{''.join(items)}</ul>"


def _model(name: str, schema: Facts) -> str:
    return f'<article id="{html.escape(name)}"><h3><code>{html.escape(name)}</code></h3>{_fields(schema)}</article>'


def _fields(schema: Facts) -> str:
    if "properties" not in schema:
        return f"<p>{_type(schema)}</p>"
    required = schema.get("required", [])
    return _table([_row(name, facts, is_required=name in required) for name, facts in schema["properties"].items()])


def _table(rows: Sequence[str]) -> str:
    names = ("api-docs-name", "api-docs-type", "api-docs-meaning")
    head = "".join(f'<th scope="col">{_say(name)}</th>' for name in names)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(name: str, facts: Facts, *, is_required: bool) -> str:
    limits = [message("api-docs-required")] * is_required
    if isinstance(usual := facts.get("default", ""), str | int | float) and usual != "":
        limits.append(message("api-docs-default", value=json.dumps(usual)))
    if "maximum" in facts and facts["maximum"] <= 1_000_000:
        limits.append(message("api-docs-range", least=f"{facts.get('minimum', 0):g}", most=f"{facts['maximum']:g}"))
    if most := facts.get("maxLength", facts.get("maxItems")):
        limits.append(message("api-docs-longest", most=most))
    told = f" <small>{html.escape('; '.join(limits))}</small>" if limits else ""
    meaning = html.escape(facts.get("description", ""))
    return (
        f'<tr><th scope="row"><code>{html.escape(name)}</code></th><td>{_type(facts)}</td><td>{meaning}{told}</td></tr>'
    )


def _type(schema: Facts) -> str:
    """Return a type in HTML; models are links to what stands below."""
    if "$ref" in schema:
        name = html.escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if "enum" in schema or "const" in schema:
        return " | ".join(
            f"<code>{html.escape(json.dumps(one))}</code>" for one in schema.get("enum", [schema.get("const")])
        )
    if schema.get("type") == "array":
        inner = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
        return message("api-docs-list", type=_type(inner))
    return f"<code>{html.escape(schema.get('type', ''))}</code>"


# -- the examples


def _examples(one: _Operation, base: str) -> Iterator[str]:
    """Give command lines that call an operation, one for each object that it takes."""
    url = shlex.quote(base + _filled(one.path, one.facts.get("parameters", [])))
    if not one.bodies:
        yield f"curl {url}" if one.method == "GET" else f"curl -X {one.method} {url}"
    for kind, schema in one.bodies:
        if kind == "multipart/form-data":
            yield f"curl {url} -F {FIELD}=@guide.md -F {FIELD}=@report.pdf"
        else:
            given = json.dumps(_example(schema), ensure_ascii=False)
            call = f"curl {url} -H 'Content-Type: {kind}' -d {shlex.quote(given)}"
            yield from (call, f"{call} -N -H 'Accept: {EVENTS}'") if _is_streamed(one.facts) else (call,)


def _is_streamed(facts: Facts) -> bool:
    return EVENTS in facts["responses"].get("200", {}).get("content", {})


def _filled(path: str, parameters: Sequence[Facts]) -> str:
    asked = []
    for one in parameters:
        example = str(one["schema"].get("examples", [one["name"].upper()])[0])
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", quote(example))
        elif one.get("required"):
            asked.append(f"{one['name']}={quote(example)}")
    return path + ("?" + "&".join(asked) if asked else "")


def _example(schema: Facts) -> dict[str, Any]:
    """Return an object with the fields of which an example is given."""
    return {name: facts["examples"][0] for name, facts in schema["properties"].items() if "examples" in facts}
