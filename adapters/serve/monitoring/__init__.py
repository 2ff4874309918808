"""How Naru is seen from outside while it serves: health, readiness, metrics, traces."""
