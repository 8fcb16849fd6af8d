"""How long to wait before a retry: longer each time, and at random a quarter more or less."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

FIRST_MS = 1_000
LONGEST_MS = 30_000


def backoff_ms(board: "Board", failures: int) -> int:
    """1 s, 2 s, 4 s … 30 s, each up to a quarter more or less. `failures` counts from 1."""
    return jittered_ms(board, min(LONGEST_MS, FIRST_MS << min(failures - 1, 8)))


def jittered_ms(board: "Board", ms: int) -> int:
    """`ms`, at random up to a quarter more or less."""
    return ms * 3 // 4 + ms * board.random_bits(10) // 2048
