"""The papers of the bodies' desk as files, their sending on a schedule, and invitations."""
