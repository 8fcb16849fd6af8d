"""In the OpenAPI document: the calls that take any body, and what they understand of it."""

from typing import Any

from pydantic import BaseModel

TAKES_ANYTHING = "x-takes-anything"
"""Marks these calls until the document is complete."""


def any_body(understood: type[BaseModel]) -> dict[str, Any]:
    """Return what the document says of the body of a call that refuses none."""
    schema = {"$ref": f"#/components/schemas/{understood.__name__}"}
    return {
        TAKES_ANYTHING: True,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }
