"""What only one process may do begins when it leads, and ends before another begins."""

from __future__ import annotations

import asyncio

from adapters.serve.leading import Leadership


class Polling:
    """Work without an end; counts how often it began and was ended."""

    def __init__(self) -> None:
        self.begun, self.ended = 0, 0
        self.is_running = asyncio.Event()
        self.has_ended = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.is_running.set()
        self.has_ended.clear()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1
            self.is_running.clear()
            self.has_ended.set()


def test_work_waits_for_the_lead_ends_with_it_and_begins_again() -> None:
    async def play() -> None:
        leadership, polling = Leadership(), Polling()
        task = asyncio.create_task(leadership.run_while_leading(polling))
        leadership.confirm(False)
        await asyncio.sleep(0)
        assert polling.begun == 0
        for turn in (1, 2):
            leadership.confirm(True)
            await polling.is_running.wait()
            leadership.confirm(False)
            await polling.has_ended.wait()
            assert (polling.begun, polling.ended, leadership.leads) == (turn, turn, False)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(play(), 60))


def test_without_a_proof_in_time_a_process_leads_no_longer() -> None:
    async def play() -> None:
        leadership, polling = Leadership(limit=0.05), Polling()
        task = asyncio.create_task(leadership.run_while_leading(polling))
        leadership.confirm(True)
        await polling.is_running.wait()
        await polling.has_ended.wait()
        assert not leadership.leads
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(play(), 60))


def test_of_one_process_it_leads_and_errors_of_the_work_are_its_own() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def play() -> None:
        leadership = Leadership()
        leadership.begin_alone()
        (raised,) = await asyncio.gather(leadership.run_while_leading(fail), return_exceptions=True)
        assert isinstance(raised, ZeroDivisionError)

    asyncio.run(asyncio.wait_for(play(), 60))


def test_a_process_that_is_stopped_ends_the_work() -> None:
    async def play() -> None:
        leadership, polling = Leadership(), Polling()
        leadership.begin_alone()
        task = asyncio.create_task(leadership.run_while_leading(polling))
        await polling.is_running.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert polling.ended == 1 and task.cancelled()

    asyncio.run(asyncio.wait_for(play(), 60))
