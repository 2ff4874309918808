"""What we say and who takes over: conversations, routing, cases, the inbox and the outbox."""
