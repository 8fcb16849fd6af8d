"""The steps of a job, each loaded when it is needed."""
