"""Networks of facilities and what is to happen to them, as JSON: docs/reference/cascade-json.md."""
