"""What is said to whoever watches: of a job beside its doses, and the news of the kitchen."""
