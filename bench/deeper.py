"""A pytest plugin that makes a nightly run as many times longer as BENCH_TIMES says."""

from __future__ import annotations

import os
from dataclasses import replace

from contract.kit.config import DEPTHS

DEPTHS["nightly"] = replace(DEPTHS["nightly"], share=float(os.environ["BENCH_TIMES"]) * DEPTHS["nightly"].share)
