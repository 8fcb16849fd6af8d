"""The OpenAPI document: the refusals of each call, the meaning of each field, and examples."""
