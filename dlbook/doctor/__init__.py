"""What is wrong with this machine: ``python -m dlbook doctor``.

It must run where the book does not. So what it examines is asked in processes of their own, which
may crash or hang, and the doctor itself needs the standard library alone. Each finding says what
is so, why it matters, and the command that mends it.
"""

from dlbook.doctor.examinations import examine
from dlbook.doctor.finding import Finding
from dlbook.doctor.report import as_json, as_text

__all__ = ["Finding", "as_json", "as_text", "examine"]
