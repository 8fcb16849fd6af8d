"""The database: tables, migrations, and the only code that speaks SQL."""
