"""INV: what holds for every inventory."""

from __future__ import annotations

from contract.kit.drive import holds_throughout

test_named_members_are_there = holds_throughout("INV-001")


test_times_are_in_a_known_form = holds_throughout("INV-002")


test_times_are_in_order_and_within_a_day_of_now = holds_throughout("INV-003")


test_adding_again_never_answers_earlier_times = holds_throughout("INV-004")
