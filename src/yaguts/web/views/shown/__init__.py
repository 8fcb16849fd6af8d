"""What a page showed, compared with what is so when its form is sent."""
