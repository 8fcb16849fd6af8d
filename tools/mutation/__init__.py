"""Mutation testing: small changes in the code, which the tests must notice."""
