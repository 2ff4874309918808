"""Cases: their states, what staff do with them, and the rooms they are worked on in."""
