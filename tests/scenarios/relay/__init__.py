"""Cases relayed between messengers, end to end."""
