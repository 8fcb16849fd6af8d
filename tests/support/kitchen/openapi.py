"""The calls of the OpenAPI document, so that tests over all of them can forget none."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.support.kitchen.documented import DOCUMENT
from tests.support.kitchen.household import PASSWORD


@dataclass(frozen=True)
class Operation:
    """One call of the document."""

    method: str
    path: str
    described: dict[str, Any]

    def url(self, value: object = 1) -> str:
        """The address, with this id in it and whatever else it needs."""
        query = urlencode({name: an_example(schema) for name, schema in self._needed().items()})
        return re.sub(r"\{\w+\}", str(value), self.path) + (f"?{query}" if query else "")

    def _needed(self) -> dict[str, Any]:
        listed = self.described.get("parameters", [])
        return {
            one["name"]: one["schema"]
            for one in listed
            if one["in"] == "query" and one.get("required")
        }

    def parameters(self, place: str) -> dict[str, Any]:
        listed = self.described.get("parameters", [])
        return {one["name"]: one["schema"] for one in listed if one["in"] == place}

    def body(self) -> dict[str, Any] | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")


OPERATIONS = [
    Operation(method, path, described)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
]


def named(operation: Operation) -> str:
    """For the names of tests."""
    return f"{operation.method} {operation.path}"


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Behind references, and without `or null`."""
    while True:
        if "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        else:
            return schema


def kind_of(schema: dict[str, Any]) -> str:
    return resolved(schema).get("type", "string")


def an_example(schema: dict[str, Any]) -> Any:
    """Something the schema takes."""
    schema = resolved(schema)
    match schema.get("type"):
        case "object":
            needed = schema.get("required", [])
            fields = schema.get("properties", {})
            return {name: an_example(fields[name]) for name in needed}
        case "array":
            return [an_example(schema["items"])]
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
        case _ if "enum" in schema:
            return schema["enum"][0]
        case _ if "const" in schema:
            return schema["const"]
        case _:
            return PASSWORD[: schema.get("maxLength", 30)]
