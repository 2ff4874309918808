"""The commands of `naru`, a module for each group."""
