"""The work of a body as a whole: agendas, minutes, and the digest for the domestic body."""
