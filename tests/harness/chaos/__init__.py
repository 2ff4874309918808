"""`naru serve` between fake messengers while everything goes wrong: what arrived is counted from outside."""
