"""What a body's lead keeps in its room: seats, absences, hours."""
