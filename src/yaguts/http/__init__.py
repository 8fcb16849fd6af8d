"""The HTTP parts that the pages and the API share: access, bodies, fields and errors."""
