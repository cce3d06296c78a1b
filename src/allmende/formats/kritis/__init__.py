"""What the law on critical facilities asks: thresholds and duties as dated data, and what follows from them."""

from .duties import Due, Duty, add_months, due_dates, duties_on, incident_deadlines, read_duties
from .duty_papers import PAPERS, STANDINGS, Need, Provider, Sheet, duty_paper
from .incident_paper import incident_json, incident_paper
from .paper import Mark, Marked, Paper, Section, Table, write_docx, write_pdf
from .standing import Level, Standing, Threshold, persons_equivalent, standing
from .thresholds import ThresholdRow, read_thresholds

__all__ = [
    "PAPERS",
    "STANDINGS",
    "Due",
    "Duty",
    "Level",
    "Mark",
    "Marked",
    "Need",
    "Paper",
    "Provider",
    "Section",
    "Sheet",
    "Standing",
    "Table",
    "Threshold",
    "ThresholdRow",
    "add_months",
    "due_dates",
    "duties_on",
    "duty_paper",
    "incident_deadlines",
    "incident_json",
    "incident_paper",
    "persons_equivalent",
    "read_duties",
    "read_thresholds",
    "standing",
    "write_docx",
    "write_pdf",
]
