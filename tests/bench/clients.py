"""People at their browsers, as far as the server sees them: sockets that ask for a run and wait for its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from core.standards.recommenders import recommenders

TABLE = b"sf-matrix"  # stands in the message that brings the matrix of 条件审核
ROWS = 20  # as 条件审核 shows on one page
# What a person clicks in turn, never the same twice: the server sends nothing again that a browser already has.
CLICKS = tuple(
    urlencode({"city": each.name} | ({"verdict": verdict} if verdict else {}))
    for verdict in ("", "fail", "review")
    for each in recommenders()
)


@dataclass(frozen=True)
class Place:
    """Where to click: the server's address, the page's name, and the cookie header of somebody signed in.

    `always` stands in the address at every click.
    """

    address: str
    page: str = ""
    cookie: str = ""
    always: str = ""

    def socket(self) -> connect:
        """A connection to the page."""
        return connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            max_size=None,
        )


async def click(socket: ClientConnection, place: Place, query: str) -> tuple[float, int]:
    """One run: seconds until it has ended, and how many of its messages held the matrix."""
    asked = BackMsg()
    asked.rerun_script.query_string = "&".join(part for part in (place.always, query) if part)
    asked.rerun_script.page_name = place.page
    start, tables = time.perf_counter(), 0
    await socket.send(asked.SerializeToString())
    while True:
        data = await socket.recv()
        assert isinstance(data, bytes)
        tables += TABLE in data
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "script_finished":
            assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return time.perf_counter() - start, tables


async def clicks_in_turn(places: Sequence[Place], count: int) -> list[list[float]]:
    """One person clicks now here, now there (each at most 45 times), so that both meet the same machine.

    Gives the seconds of each click by place; the first two runs are not counted.
    """
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(place.socket()) for place in places]
        for query in ("", "verdict=missing"):
            for socket, place in zip(sockets, places, strict=True):
                await click(socket, place, query)
        found: list[list[float]] = [[] for _ in places]
        for query in CLICKS[:count]:
            for socket, place, times in zip(sockets, places, found, strict=True):
                took, tables = await click(socket, place, query)
                assert tables, "a click brought no matrix"
                times.append(took)
        return found


async def runs_a_second(place: Place, people: int, count: int) -> float:
    """Many people click at once, each again as soon as the last run has ended."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(place.socket()) for _ in range(people)]
        await asyncio.gather(*(click(socket, place, "") for socket in sockets))

        async def person(socket: ClientConnection) -> None:
            for number in range(count):
                await click(socket, place, CLICKS[number])

        start = time.perf_counter()
        await asyncio.gather(*(person(socket) for socket in sockets))
        return people * count / (time.perf_counter() - start)


async def open_sessions(place: Place, people: int, stack: AsyncExitStack) -> None:
    """People who have a page open and have clicked a few times; they stay until the stack is closed."""
    for _ in range(people):
        socket = await stack.enter_async_context(place.socket())
        for query in ("", *CLICKS[:5]):
            await click(socket, place, query)
