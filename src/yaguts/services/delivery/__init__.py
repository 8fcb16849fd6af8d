"""The way of a job to its dispenser and of its report back."""
