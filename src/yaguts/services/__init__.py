"""The services: one plain function for each thing that a person or a dispenser can do."""
