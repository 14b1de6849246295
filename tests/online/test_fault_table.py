"""Every fault by name, through a whole sync: the right data or a clear sentence, nothing doubled, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import Refused
from core.intake.online.budget import PER_MINUTE, Budget
from core.intake.online.trying import CAP
from core.services.online_access import BUDGET_FILE
from tests.office import DALIAN, SHENYANG
from tests.online.agreeing import DONE, Feedback, agree, last_run, told
from tests.online.little import Little
from tests.online.script import HEAD, READ, TOKEN, WRITE, Moment, Script
from tests.sheets_emulator import faults
from tests.sheets_emulator.faults import Outcome

NOT_SENT = "反馈没有送出。"
QUOTA = "Google 的读写次数限额已经用满，等了一会仍没有轮到，这一步没有办成。请几分钟后重试。"
DOWN = "Google 的服务暂时出了故障，多次重试仍没有成功，这一步没有办成。请稍后重试。"
NO_NETWORK = (
    "连不上 Google 的服务器，这一步没有办成。请检查本服务器的网络和代理设置（能否访问 googleapis.com），稍后重试。"
)
LATE = "Google 的服务器迟迟没有回应，这一步没有办成。请稍后重试；多次如此时，请检查本服务器的网络。"
OFF = (
    "服务账号所在的项目没有启用 Google {api} API。请在 Google Cloud 控制台打开项目 shifan-emulated，"
    "在“API 和服务”中启用 Google {api} API，过几分钟再试。"
)
BRIEF = (
    *("429", "429, wait 7 s", "500", "502 as HTML", "503", "dropped", "silent, then dropped", "401"),
    *("503 after applying", "502 as HTML after applying", "dropped after applying"),
)
AT = [(HEAD, 1), (READ, 1), (READ, 2), (WRITE, 1)]


@pytest.mark.parametrize(("kind", "nth"), AT, ids=["looking", "reading", "reading again", "writing"])
@pytest.mark.parametrize("name", BRIEF)
def test_what_passes_leaves_no_trace(little: Little, name: str, kind: str, nth: int) -> None:
    after = name.endswith("after applying")
    times = 1 if name == "401" else 2
    script = Script(little, faults={Moment(DALIAN, kind, nth + at, after): name for at in range(times)})
    assert told(little.online.sync()) == DONE
    assert script.struck == {name: times}
    assert last_run(little).retries == times
    agree(little, script)


@pytest.mark.parametrize("kind", [HEAD, READ, WRITE])
def test_a_minute_of_429_is_waited_for(little: Little, kind: str) -> None:
    until = little.clock.now() + 60
    script = Script(little)

    def busy(_call: object) -> None:
        if little.clock.now() < until:
            problem = faults.status(429).problem
            assert problem is not None
            raise problem

    little.google.hook(busy, times=None, kind="drive" if kind == HEAD else kind)
    assert told(little.online.sync()) == DONE
    assert little.clock.now() >= until
    assert last_run(little).retries > 4
    agree(little, script)


def test_a_full_minute_is_waited_for_without_asking(little: Little) -> None:
    """Whoever of this server had the minute's reads: nothing is asked that would be turned down."""
    script = Script(little)
    budget = Budget(little.office.app.settings.home / BUDGET_FILE, little.clock)
    for _ in range(PER_MINUTE):
        budget.wait("read", 0)
    at = little.clock.now()
    assert told(little.online.sync()) == DONE
    assert last_run(little).retries == 0
    assert 60 <= little.clock.now() - at <= CAP
    agree(little, script)


lasting = pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (lambda _: faults.status(429), QUOTA),
        (lambda _: faults.status(503), DOWN),
        (lambda _: faults.html(502), DOWN),
        (lambda _: faults.drop(), NO_NETWORK),
        (faults.api_off, OFF),
    ],
    ids=["429", "503", "502 as HTML", "dropped", "switched off"],
)
Lasting = Callable[[str], Outcome]


@lasting
def test_what_lasts_while_looking_ends_the_run_with_its_sentence(
    little: Little, outcome: Lasting, sentence: str
) -> None:
    before = little.office.dump()["intakes"], little.office.dump()["ledger"]
    sentence = sentence.format(api="Drive")
    little.google.fail(outcome("drive"), times=None, kind="drive")
    at = little.clock.now()
    with pytest.raises(Refused) as caught:
        little.online.sync()
    assert str(caught.value) == sentence
    assert little.clock.now() - at <= 2 * CAP  # two look side by side, and each puts the clock forward
    run = last_run(little)
    assert (run.state, run.sentence, run.books, run.reads, run.writes) == ("failed", sentence, [], 0, 0)
    assert (little.office.dump()["intakes"], little.office.dump()["ledger"]) == before
    assert little.office.dump()["sync_leases"] == []
    script = Script(little)
    assert told(little.online.sync()) == DONE
    agree(little, script)


@lasting
def test_what_lasts_while_reading_leaves_what_was_held(little: Little, outcome: Lasting, sentence: str) -> None:
    little.back("taken")
    little.online.type(DALIAN, "平台指标", "PT-001", "年服务中小企业数（家）", "1000")
    before = little.office.dump()["intakes"], little.office.dump()["ledger"]
    sentence = sentence.format(api="Sheets")
    little.google.fail(outcome("sheets"), times=None, kind="read", path=little.books[DALIAN])
    at = little.clock.now()
    done = little.online.sync()
    assert little.clock.now() - at <= CAP
    assert told(done)[DALIAN] == f"2026-大连市：{sentence}"
    assert [(each.city, each.ok) for each in done.outcomes][1] == (DALIAN, False)
    run = last_run(little)
    assert (run.state, run.writes) == ("done", 0)
    assert run.books[1] == {
        "city": DALIAN,
        "ok": False,
        "sha256": "",
        "feedback": "",
        "sentence": f"2026-大连市：{sentence}",
        "newest_intake": max(number for number, *_ in before[0]),
    }
    assert (little.office.dump()["intakes"], little.office.dump()["ledger"]) == before
    script = Script(little)
    assert little.online.sync().outcomes[1].changed == 1
    agree(little, script)


@lasting
def test_what_lasts_while_writing_leaves_the_intake_standing_and_the_feedback_to_send(
    little: Little, outcome: Lasting, sentence: str
) -> None:
    sentence = sentence.format(api="Sheets")
    little.google.fail(outcome("sheets"), times=None, kind="write")
    done = little.online.sync()
    assert told(done) == DONE | {f"{DALIAN} 反馈": f"{NOT_SENT}{sentence}"}
    assert [row.action for row in little.office.entries()].count("intake.taken") == 2
    assert little.online.feedback(DALIAN) == []
    run = last_run(little)
    assert (run.state, run.sentence) == ("done", "同步完毕：2 个在线表格正常，0 个有问题。")
    assert run.books[1]["feedback"] == f"{NOT_SENT}{sentence}"
    script = Script(little)
    again = told(little.online.sync())
    assert again == Feedback.LATER
    agree(little, script)


def test_a_connection_that_hangs_is_given_up_and_tried_again(little: Little) -> None:
    script = Script(little)
    client = little.client()
    usual, client.timeout = client.timeout, (0.3, 0.3)
    try:
        plan = little.google.fail(faults.hang(1.5), times=2, kind="write")
        assert told(little.online.sync()) == DONE
        assert plan.hits == 2
        agree(little, script)
        little.back("filled")
        little.google.fail(faults.late(0.6), times=1, kind="write")  # applied, but nobody waited for the answer
        script = Script(little)
        assert told(little.online.sync()) == DONE
        agree(little, script)
    finally:
        client.timeout = usual


def test_a_connection_that_hangs_for_ever_ends_in_a_sentence(little: Little) -> None:
    client = little.client()
    usual, client.timeout = client.timeout, (0.05, 0.05)
    try:
        little.google.fail(faults.hang(0.2), times=None, kind="write")
        assert told(little.online.sync()) == DONE | {f"{DALIAN} 反馈": f"{NOT_SENT}{LATE}"}
    finally:
        client.timeout = usual
    script = Script(little)
    assert told(little.online.sync()) == Feedback.LATER
    agree(little, script)


REFUSED = (
    "Google 不接受服务账号 shifan-sync@shifan-emulated.iam.gserviceaccount.com 的密钥：密钥可能已停用或删除，"
    "账号也可能已被删除。请在 Google Cloud 控制台新建密钥，再到“在线表格”页面重新登记。"
)
UNREAD = {DALIAN: f"2026-大连市：{REFUSED}", f"{DALIAN} 反馈": ""}
UNSENT = {DALIAN: DONE[DALIAN], f"{DALIAN} 反馈": f"{NOT_SENT}{REFUSED}"}
SENT = {name: sentence for name, sentence in DONE.items() if DALIAN in name}


@pytest.mark.parametrize(
    ("kind", "nth", "outcomes"),
    [(HEAD, 1, UNREAD), (READ, 1, UNSENT), (READ, 2, UNSENT), (WRITE, 1, SENT)],
    ids=["having looked", "having read", "having read again", "having written"],
)
def test_a_key_that_is_refused_in_mid_course(little: Little, kind: str, nth: int, outcomes: dict[str, str]) -> None:
    """What is done stays done, and what could not be done says why."""
    script = Script(little, edits={Moment(DALIAN, kind, nth, True): lambda: _refuse(little)})
    assert told(little.online.sync(DALIAN)) == outcomes
    assert script.broken == []
    little.google.tokens.disabled.clear()
    script = Script(little)
    little.online.sync()
    agree(little, script)
    taken = [row.subject for row in little.office.entries() if row.action == "intake.taken"]
    assert sorted(taken) == [DALIAN, SHENYANG]


def test_a_key_that_is_refused_from_the_start(little: Little) -> None:
    _refuse(little)
    with pytest.raises(Refused) as caught:
        little.online.sync()
    run = last_run(little)
    assert (str(caught.value), run.state, run.sentence) == (REFUSED, "failed", REFUSED)


def _refuse(little: Little) -> str:
    account = little.google.account.email
    little.google.tokens.disabled.add(account)
    little.google.tokens.expire(account)
    return "the key is refused"


def test_a_token_endpoint_that_fails_is_asked_again(little: Little) -> None:
    little.google.tokens.expire(little.google.account.email)
    script = Script(little, faults={Moment("", TOKEN, 1): "503", Moment("", TOKEN, 2): "dropped"})
    assert told(little.online.sync()) == DONE
    agree(little, script)
    assert last_run(little).retries >= 1


def test_a_service_that_fails_for_another_city_is_not_asked(little: Little) -> None:
    plan = little.google.fail(faults.status(503), times=None, path=little.books[SHENYANG])
    assert told(little.online.sync(DALIAN)) == SENT
    assert plan.hits == 0
