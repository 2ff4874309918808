"""From each earlier schema to the newest one."""
