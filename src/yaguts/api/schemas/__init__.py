"""The Pydantic models of requests and answers, one module for each subject."""
