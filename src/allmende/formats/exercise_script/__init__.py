"""The script (Drehbuch) of a crisis exercise as JSON, CSV and XLSX: docs/reference/exercise-json.md."""
