"""The console as the room of a body, and as the way to staff without a messenger."""
