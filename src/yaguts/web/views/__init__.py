"""View models: what a template shows, computed from what a service returns."""
