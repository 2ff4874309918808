"""The library kept from chat, end to end."""
