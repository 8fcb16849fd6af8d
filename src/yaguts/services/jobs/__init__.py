"""What a person does with jobs: order, preview, watch, cancel, look back."""
