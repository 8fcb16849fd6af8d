"""The name of a job on a page: its recipe, or its kind."""

from yaguts.domain.jobs.job import Job, JobKind
from yaguts.translations import Language
from yaguts.translations.pages import page_text


def job_name(job: Job, language: Language) -> str:
    """For example `Purga: Sal`. A recipe has the name that it had when it was ordered."""
    match job.kind:
        case JobKind.RECIPE:
            return job.recipe_name or page_text(language, "recipe.gone")
        case JobKind.CLEANING:
            return page_text(language, "kind.cleaning")
        case JobKind.DOSE | JobKind.PURGE | JobKind.CALIBRATION:
            dose = job.doses[0]
            what = dose.spice or page_text(language, "jar.number", jar=dose.jar)
            return page_text(language, f"kind.{job.kind}", what=what)
