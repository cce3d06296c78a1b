"""What the law on critical facilities asks: thresholds and duties as dated data, and what follows from them."""

from .duties import Due, Duty, add_months, due_dates, duties_on, incident_deadlines, read_duties
from .standing import Level, Standing, Threshold, persons_equivalent, standing
from .thresholds import ThresholdRow, read_thresholds

__all__ = [
    "Due",
    "Duty",
    "Level",
    "Standing",
    "Threshold",
    "ThresholdRow",
    "add_months",
    "due_dates",
    "duties_on",
    "incident_deadlines",
    "persons_equivalent",
    "read_duties",
    "read_thresholds",
    "standing",
]
