"""The pictures in docs/screens: dialogues played through Naru, drawn as the messengers show them."""
