"""The steps of a job on the dispenser: take an offer, pour, recover, report progress."""
