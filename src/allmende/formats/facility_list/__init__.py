"""Files of the register of facilities: CSV, workbooks (.xlsx) and GeoJSON, in and out.

Three tables: „Einrichtungen“, a row for each facility, „Bedarf“, a row for each thing that one needs, and
„Notstrom“, a row for each generator. A file that is written here can be read here; what columns a file lacks, it leaves as it is
(docs/guides/einrichtungen-dateien.md). What the cells mean is checked by whoever knows the register.
"""

from .cells import (
    Called,
    Cell,
    Fault,
    Named,
    Supplied,
    plain_cell,
    plain_text,
    read_values,
    written,
)
from .checks import checks_of, sign_of, signs_in
from .columns import (
    CHECKS,
    DERIVED,
    FACILITIES,
    FACILITY_COLUMNS,
    GENERATOR_COLUMNS,
    GENERATORS,
    GENERATORS_DERIVED,
    NEED_COLUMNS,
    NEEDS,
    STAND,
    Column,
)
from .reading import MOST_BYTES, MOST_ROWS, RegisterFile, Row, read_register_file
from .writing import Table, template_workbook, write_workbook

__all__ = [
    "CHECKS",
    "DERIVED",
    "FACILITIES",
    "FACILITY_COLUMNS",
    "GENERATORS",
    "GENERATORS_DERIVED",
    "GENERATOR_COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "NEEDS",
    "NEED_COLUMNS",
    "STAND",
    "Called",
    "Cell",
    "Column",
    "Fault",
    "Named",
    "RegisterFile",
    "Row",
    "Supplied",
    "Table",
    "checks_of",
    "plain_cell",
    "plain_text",
    "read_register_file",
    "read_values",
    "sign_of",
    "signs_in",
    "template_workbook",
    "write_workbook",
    "written",
]
