"""Several processes that train one network (chapter 20); without torchrun there is just one."""

from dlbook.distributed.exchange import any_true, average, from_main, gather, main_first
from dlbook.distributed.parallel import copy_buffers, replica, shared
from dlbook.distributed.processes import (
    LostProcessError,
    connected,
    is_main,
    rank,
    require_connected,
    world_size,
)

__all__ = [
    "LostProcessError",
    "any_true",
    "average",
    "connected",
    "copy_buffers",
    "from_main",
    "gather",
    "is_main",
    "main_first",
    "rank",
    "replica",
    "require_connected",
    "shared",
    "world_size",
]
