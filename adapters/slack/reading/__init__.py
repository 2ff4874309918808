"""What Slack tells: words, files, names and histories."""
