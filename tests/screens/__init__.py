"""The pictures in the pages: dialogues played through Naru, drawn as the messengers show them, and pages
of the console as a browser does."""
