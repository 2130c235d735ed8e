"""What is wrong with this machine: ``python -m dlbook doctor``.

It must run where the book does not. So it imports the standard library alone, and what can crash
or hang is asked in processes of their own. Each finding says what is so, why it matters, and the
command that mends it.
"""

from dlbook.doctor.examinations import examine
from dlbook.doctor.finding import Finding
from dlbook.doctor.report import as_json, as_text

__all__ = ["Finding", "as_json", "as_text", "examine"]
