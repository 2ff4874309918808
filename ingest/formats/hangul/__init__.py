"""HWP and HWPX, the formats of the Hangul word processor."""
