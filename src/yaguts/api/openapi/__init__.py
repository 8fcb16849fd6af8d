"""The OpenAPI document: what each call may refuse, what each field means, and examples."""
