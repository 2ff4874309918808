"""How long what is kept: erasing a person on request, and sweeping what is past its time."""
