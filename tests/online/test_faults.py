"""What Google's answers are taken for, each with its whole sentence; none of Google's own words is shown."""

from __future__ import annotations

import json
import logging
import re
import tomllib
from typing import Any

import pytest
import requests

from core.intake.online import faults
from core.intake.online.faults import OnlineFault, say
from core.intake.online.verdicts import DRIVE, SHEETS, fault_in, fault_of, may_repeat, refused_token, retry_after
from tests.online.keys import EMAIL, PROJECT, service_key
from tests.structure.sources import ROOT

TEXTS = tomllib.loads((ROOT / "core/intake/online/messages.toml").read_text("utf-8"))
CODE = "".join(path.read_text("utf-8") for path in (ROOT / "core").rglob("*.py"))
NOT_SHARED = (
    "没有权限：这个表格或文件夹没有共享给服务账号，或者只给了查看权限。"
    f"请在它的“共享”中把 {EMAIL} 设为“编辑者”，再重试。"
)
NOT_FOUND = (
    "找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。"
    f"请核对链接，并在它的“共享”中把 {EMAIL} 设为“编辑者”，再重试。"
)
KEY_REFUSED = (
    f"Google 不接受服务账号 {EMAIL} 的密钥：密钥可能已停用或删除，账号也可能已被删除。"
    "请在 Google Cloud 控制台新建密钥，再到“在线表格”页面重新登记。"
)
KEY_CLOCK = "Google 没有接受登录，因为本服务器的时间与标准时间相差过大。请校准服务器的日期、时间和时区，再重试。"
QUOTA = "Google 的读写次数限额已经用满，等了一会仍没有轮到，这一步没有办成。请几分钟后重试。"
SERVICE_DOWN = "Google 的服务暂时出了故障，多次重试仍没有成功，这一步没有办成。请稍后重试。"
STRANGE = "收到的回应不是 Google 表格的内容，可能被网络中的登录页面或代理拦截。请检查本服务器的网络后重试。"
NO_NETWORK = (
    "连不上 Google 的服务器，这一步没有办成。请检查本服务器的网络和代理设置（能否访问 googleapis.com），稍后重试。"
)
TIMED_OUT = "Google 的服务器迟迟没有回应，这一步没有办成。请稍后重试；多次如此时，请检查本服务器的网络。"
PROTECTED = (
    "要写入的单元格设有保护，服务账号不能修改，没有写入。"
    f"请在“数据—保护工作表和范围”中把 {EMAIL} 加入可编辑的人，再重试。"
)
BACKEND = {"error": {"code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE"}}


def answer(status: int, body: Any = None, **headers: str) -> requests.Response:
    """An answer as requests gives it."""
    made = requests.Response()
    made.status_code = status
    made._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


def sheets_error(status: int, message: str, word: str, *reasons: str) -> requests.Response:
    """An error as Sheets v4 tells it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": each} for each in reasons]
    return answer(status, {"error": {"code": status, "message": message, "status": word, "details": details}})


def drive_error(status: int, reason: str, message: str = "Something in English.") -> requests.Response:
    """An error as Drive v3 tells it."""
    errors = [{"domain": "global", "reason": reason, "message": message}]
    return answer(status, {"error": {"code": status, "message": message, "errors": errors}})


def off(api: str) -> str:
    """The sentence for an API that is switched off."""
    return (
        f"服务账号所在的项目没有启用 {api}。请在 Google Cloud 控制台打开项目 {PROJECT}，"
        f"在“API 和服务”中启用 {api}，过几分钟再试。"
    )


@pytest.mark.parametrize(
    ("given", "host", "code", "sentence"),
    [
        (sheets_error(429, "Quota exceeded", "RESOURCE_EXHAUSTED"), SHEETS, "quota", QUOTA),
        (drive_error(403, "userRateLimitExceeded"), DRIVE, "quota", QUOTA),
        (drive_error(403, "rateLimitExceeded"), DRIVE, "quota", QUOTA),
        (answer(503, BACKEND), SHEETS, "service_down", SERVICE_DOWN),
        (answer(502, "<html><title>Error 502</title>"), SHEETS, "service_down", SERVICE_DOWN),
        (sheets_error(401, "Invalid Credentials", "UNAUTHENTICATED"), SHEETS, "key_refused", KEY_REFUSED),
        (
            sheets_error(403, "Google Sheets API has not been used", "PERMISSION_DENIED", "SERVICE_DISABLED"),
            SHEETS,
            "api_off",
            off("Google Sheets API"),
        ),
        (drive_error(403, "accessNotConfigured"), DRIVE, "api_off", off("Google Drive API")),
        (
            sheets_error(403, "The caller does not have permission", "PERMISSION_DENIED"),
            SHEETS,
            "not_shared",
            NOT_SHARED,
        ),
        (drive_error(403, "insufficientFilePermissions"), DRIVE, "not_shared", NOT_SHARED),
        (sheets_error(404, "Requested entity was not found.", "NOT_FOUND"), SHEETS, "not_found", NOT_FOUND),
        (drive_error(404, "notFound"), DRIVE, "not_found", NOT_FOUND),
        (
            drive_error(403, "storageQuotaExceeded"),
            DRIVE,
            "no_storage",
            "新建表格没有成功：服务账号自己没有存储空间。请在“共享云端硬盘”中建一个文件夹，"
            f"把 {EMAIL} 加为“内容管理员”，并在“在线表格”页面改用这个文件夹。",
        ),
        (
            drive_error(400, "invalidSharingRequest"),
            DRIVE,
            "not_shareable",
            "没有共享成功：这个邮箱没有对应的 Google 账号或填写有误，或者所在单位的 Google 设置不允许共享给它。"
            "请核对邮箱；没有 Google 账号的，请先用这个邮箱注册，再重试。",
        ),
        (
            sheets_error(
                400,
                "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. "
                "Please contact the spreadsheet owner to remove protection if you need to edit.",
                "INVALID_ARGUMENT",
            ),
            SHEETS,
            "protected",
            PROTECTED,
        ),
        (
            sheets_error(400, "This operation is not supported for this document", "FAILED_PRECONDITION"),
            SHEETS,
            "not_a_sheet",
            "这个文件不是 Google 表格，可能是上传的 Excel 文件。"
            "请在 Google 云端硬盘中打开它，选择“文件—另存为 Google 表格”，再用新表格的链接。",
        ),
        (
            sheets_error(400, "Invalid requests[0]: No grid with id: 5", "INVALID_ARGUMENT"),
            SHEETS,
            "refused",
            "Google 没有接受这一步（编号 400），没有办成。请重试；仍然如此时，请管理员查看服务器日志中的原因。",
        ),
        (answer(302, "<html>请登录校园网</html>"), SHEETS, "strange_answer", STRANGE),
        (answer(304), SHEETS, "strange_answer", STRANGE),
    ],
)
def test_an_answer_without_success(given: requests.Response, host: str, code: str, sentence: str) -> None:
    fault = fault_in(given, service_key(), host)
    assert (fault.code, str(fault)) == (code, sentence)


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"error": "x"}', '{"error": {"details": 5}}', "<html>"])
def test_a_body_that_is_not_googles_is_no_trouble(body: str) -> None:
    fault = fault_in(answer(403, body), service_key(), SHEETS)
    assert (fault.code, str(fault)) == ("not_shared", NOT_SHARED)


@pytest.mark.parametrize(
    ("data", "code", "sentence"),
    [
        ({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, "key_refused", KEY_REFUSED),
        (
            {"error": "invalid_grant", "error_description": "Invalid grant: account not found"},
            "key_refused",
            KEY_REFUSED,
        ),
        ({"error": "unauthorized_client"}, "key_refused", KEY_REFUSED),
        (
            {
                "error": "invalid_grant",
                "error_description": "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            },
            "key_clock",
            KEY_CLOCK,
        ),
        (None, "strange_answer", STRANGE),
        ({}, "strange_answer", STRANGE),
    ],
)
def test_a_token_that_is_not_given(data: Any, code: str, sentence: str) -> None:
    fault = refused_token(data, service_key())
    assert (fault.code, str(fault)) == (code, sentence)


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (requests.ConnectionError("Connection refused"), "no_network", NO_NETWORK),
        (requests.exceptions.ChunkedEncodingError("Connection broken"), "no_network", NO_NETWORK),
        (requests.ConnectTimeout("x"), "timed_out", TIMED_OUT),
        (requests.ReadTimeout("x"), "timed_out", TIMED_OUT),
        (
            requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
            "untrusted",
            "与 Google 服务器的加密连接没有通过核验，为安全起见没有继续。"
            "请核对本服务器的日期和时间，并请网络管理员检查代理是否改写了加密连接。",
        ),
        (requests.exceptions.SSLError("[SSL: UNEXPECTED_EOF_WHILE_READING]"), "no_network", NO_NETWORK),
    ],
)
def test_no_answer(error: Exception, code: str, sentence: str) -> None:
    fault = fault_of(error)
    assert (fault.code, str(fault)) == (code, sentence)


def test_only_what_may_go_through_later_is_asked_again() -> None:
    statuses = [400, 401, 403, 404, 409, 429, 500, 501, 502, 503, 504]
    assert [one for one in statuses if may_repeat(answer(one, "<html>"))] == [429, 500, 502, 503, 504]
    assert may_repeat(drive_error(403, "userRateLimitExceeded"))
    # by the status of HTTP: what the body calls itself plays no part
    assert not may_repeat(answer(400, {"error": {"code": 503}}))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "Wed, 20 May 2026 08:00:30 GMT", "Date": "Wed, 20 May 2026 08:00:00 GMT"}, 30.0),
        ({"Retry_After": "Wed, 20 May 2026 08:00:00 GMT", "Date": "Wed, 20 May 2026 08:00:30 GMT"}, 0.0),
        ({"Retry_After": "Wed, 20 May 2020 08:00:00 GMT"}, 0.0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({}, None),
    ],
)
def test_how_long_google_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(answer(429, **headers)) == seconds


def test_googles_words_go_to_the_log_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        fault_in(sheets_error(400, "No grid with ya29.fictional-token", "INVALID_ARGUMENT"), service_key(), SHEETS)
        refused_token({"error": "invalid_grant", "error_description": "Bad eyJhbGciOi.eyJpc3Mi.c2ln"}, service_key())
    assert caplog.messages == [
        "Google Sheets API answered 400 INVALID_ARGUMENT: No grid with …",
        f"no token for {EMAIL}: invalid_grant: Bad …",
    ]


@pytest.mark.parametrize("section", ["fault", "key", "step"])
def test_every_sentence_is_used_and_says_what_to_do(section: str) -> None:
    """What names a step, or says that one went, asks for nothing."""
    for code, text in TEXTS[section].items():
        assert re.search(rf'"{code}"', CODE), f"{section}.{code} is used nowhere"
        if section != "step" or not (f"{code}_ok" in TEXTS["step"] or code.endswith("_ok")):
            assert re.search(r"(?:请|建议)[^。]+。$", text), text


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        OnlineFault("none")
    with pytest.raises(KeyError):
        say("fault", "refused")
    assert set(faults._texts()) == set(TEXTS)
