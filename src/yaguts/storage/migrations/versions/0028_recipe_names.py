"""A job keeps the name that its recipe had when it was ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Of earlier jobs only the present name is known, and none if the recipe is deleted."""
    op.add_column("jobs", sa.Column("recipe_name", sa.String(120)))
    op.execute(
        "UPDATE jobs SET recipe_name ="
        " (SELECT name FROM recipes WHERE recipes.id = jobs.recipe_id)"
        " WHERE recipe_id IS NOT NULL"
    )
