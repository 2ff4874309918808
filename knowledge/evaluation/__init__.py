"""The exam, the comparison of answers, the calibration."""
