"""The executable contract of AddSchedulerJobGroupToSchedulerTrigger."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  for those who start it with an older one
    sys.stderr.write("contract: Python 3.11 or newer is needed, and this is %d.%d\n" % sys.version_info[:2])  # noqa: UP031
    raise SystemExit(4)
