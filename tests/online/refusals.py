"""What an act is refused with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import Refused
from core.intake.online.faults import OnlineFault


def refusal(act: Callable[[], object]) -> str:
    """The sentence of a plain refusal."""
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


def fault(act: Callable[[], object]) -> tuple[str, str]:
    """The code and the sentence of a fault; it may drag no exception of a library along: these hold tokens."""
    with pytest.raises(OnlineFault) as caught:
        act()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value.code, str(caught.value)
