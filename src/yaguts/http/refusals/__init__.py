"""How a refusal is told: as JSON, in words, field by field, and when."""
