"""What is sent? The requests of the contract's tests, built from the description and recorded as exchanges.

Strategies draw them; the client sends them; a test drives them and hands the answers to the rules.
"""

from __future__ import annotations

from contract.kit.drive.again import Again
from contract.kit.drive.client import WORKERS, Client
from contract.kit.drive.dimensions.connection import AFTER_A_REFUSAL
from contract.kit.drive.drive import Drive
from contract.kit.drive.effects import Watch, first_success, judge_all_there, judge_listed_once, look_back, strays
from contract.kit.drive.memory import Memory, default_database
from contract.kit.drive.model import Model
from contract.kit.drive.parts import WRITTEN
from contract.kit.drive.points import ANY_BODY, BAD_BODIES, BAD_CREDENTIALS, BAD_ENDS, FREE, MISPLACED
from contract.kit.drive.promised import promised
from contract.kit.drive.properties import Properties
from contract.kit.drive.renewal import Renewal
from contract.kit.drive.sending import Sending, Values, named, path_of
from contract.kit.drive.sentences import every_bad_value_is_refused, every_other_value_is_answered, holds_throughout
from contract.kit.drive.varied import LANES, Varied
from contract.kit.drive.walks import drive_machine
from contract.kit.drive.window import Window
from contract.kit.drive.witness import Witness

__all__ = [
    "AFTER_A_REFUSAL",
    "ANY_BODY",
    "BAD_BODIES",
    "BAD_CREDENTIALS",
    "BAD_ENDS",
    "FREE",
    "LANES",
    "MISPLACED",
    "WORKERS",
    "WRITTEN",
    "Again",
    "Client",
    "Drive",
    "Memory",
    "Model",
    "Properties",
    "Renewal",
    "Sending",
    "Values",
    "Varied",
    "Watch",
    "Window",
    "Witness",
    "default_database",
    "drive_machine",
    "every_bad_value_is_refused",
    "every_other_value_is_answered",
    "first_success",
    "holds_throughout",
    "judge_all_there",
    "judge_listed_once",
    "look_back",
    "named",
    "path_of",
    "promised",
    "strays",
]
