"""Where places are and what they are called; `bot.places` is the way in."""
