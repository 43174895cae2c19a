"""What a run sends, as Hypothesis strategies: each says what it reaches and what it stays out of.

`identifiers`: UUIDs, known to nobody or malformed. `credentials`: sessions and headers that open nothing.
`bodies`: bodies that the description allows, and those that it does not. `texts`: bodies that are not JSON.
"""

from __future__ import annotations
