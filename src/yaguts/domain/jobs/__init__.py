"""A job from the order to its end: planning, states, queue, deadlines, reports."""
