"""What people and dispensers send and get: one module of Pydantic models a thing."""
