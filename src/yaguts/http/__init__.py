"""What every HTTP request goes through, for a page or the API: access, bodies, errors."""
