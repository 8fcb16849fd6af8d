"""The database itself: connections, locks, dialects, migrations, notifications."""
