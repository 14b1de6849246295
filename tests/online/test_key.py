"""The service account's key: what is refused and why, where it is kept, and that nothing else ever holds it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.errors import Refused
from core.intake.online.key import forget_key, held_key, keep_key, key_file, parse_key
from tests.online.keys import EMAIL, PROJECT, document, key_text, private_key
from tests.online.refusals import fault, refusal

AS_IT_IS = "请用记事本打开从 Google Cloud 下载的 .json 文件，全选、复制，再原样粘贴。"
NEW_KEY = "请在 Google Cloud 控制台的“服务账号”中新建 JSON 密钥。"
LINE_BREAKS = (
    "私钥中的换行符（\\n）已经走样，可能经过了其他软件转换。请用记事本打开 .json 文件，全选、复制，再原样粘贴。"
)
NOT_USABLE = (
    "密钥文件中的私钥无法使用，可能有缺漏或改动。"
    "请用记事本打开 .json 文件，全选、复制，再原样粘贴；仍不行时请新建密钥。"
)


def _elliptic() -> str:
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _without_a_line() -> str:
    lines = private_key().splitlines()
    return "\n".join([*lines[:5], *lines[6:]])


def test_a_key_says_whose_it_is() -> None:
    key = parse_key(f"\ufeff\n {key_text()} \n")
    assert (key.client_email, key.project_id) == (EMAIL, PROJECT)
    assert key.private_key == private_key().strip()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: " \n", "没有内容。请打开从 Google Cloud 下载的密钥文件（.json），全选、复制，再粘贴到这里。"),
        (lambda: "服务账号密钥", f"这不是密钥文件的内容。{AS_IT_IS}"),
        (lambda: "[1, 2]", f"这不是密钥文件的内容。{AS_IT_IS}"),
        (lambda: "[" * 100_000, f"这不是密钥文件的内容。{AS_IT_IS}"),
        (
            lambda: key_text()[:-300],
            "密钥文件的内容不完整，开头或结尾没有复制到。请用记事本打开 .json 文件，全选、复制，再原样粘贴。",
        ),
        (
            private_key,
            "这里只有私钥一段。请把整个 .json 文件的内容（从第一个花括号到最后一个花括号）粘贴进来。",
        ),
        (lambda: "AIzaSyFictional-0123456789", f"这是 API 密钥，不能用来读写表格。{NEW_KEY}"),
        (
            lambda: key_text().replace('"', "“"),
            "引号被换成了中文引号，可能经过了文字处理软件或聊天软件。"
            "请用记事本打开 .json 文件，全选、复制，再原样粘贴。",
        ),
        (lambda: key_text().replace("\\n", "\n"), LINE_BREAKS),
        (lambda: key_text().replace("\\n", "\\\\n"), LINE_BREAKS),
        (lambda: key_text().replace("\\n", " "), LINE_BREAKS),
        (lambda: key_text().replace("\\n", ""), LINE_BREAKS),
        (
            lambda: json.dumps({"installed": {"client_id": "1", "client_secret": "x"}}),
            f"这是“OAuth 客户端”的文件，不是服务账号密钥。{NEW_KEY}",
        ),
        (
            lambda: json.dumps({"web": {"client_id": "1", "client_secret": "x"}}),
            f"这是“OAuth 客户端”的文件，不是服务账号密钥。{NEW_KEY}",
        ),
        (
            lambda: json.dumps({"type": "authorized_user", "refresh_token": "x"}),
            f"这是个人账号的授权文件，不是服务账号密钥。{NEW_KEY}",
        ),
        (
            lambda: json.dumps({"type": "external_account"}),
            f"这是另一种 Google 凭证，不是服务账号密钥。{NEW_KEY}",
        ),
        (
            lambda: key_text(project_id=None, client_email=""),
            f"密钥文件中缺少 project_id、client_email，内容可能不完整。{AS_IT_IS}",
        ),
        (lambda: key_text(private_key=5), f"密钥文件中缺少 private_key，内容可能不完整。{AS_IT_IS}"),
        (
            lambda: "{}",
            "密钥文件中缺少 type、project_id、private_key_id、private_key、client_email、token_uri，"
            f"内容可能不完整。{AS_IT_IS}",
        ),
        (lambda: key_text(private_key=_without_a_line()), NOT_USABLE),
        (lambda: key_text(private_key=private_key()[:-40]), NOT_USABLE),
        (lambda: key_text(private_key=_elliptic()), NOT_USABLE),
        (lambda: key_text(private_key="x"), NOT_USABLE),
        (
            lambda: key_text(client_email="shifan"),
            "密钥文件中的服务账号“shifan”不像邮箱地址。请用从 Google Cloud 下载的 .json 文件，原样粘贴。",
        ),
        (
            lambda: key_text(token_uri="https://oauth2.googleapis.com.example.cn/token"),
            "密钥文件中的登录地址不是 Google 的（https://oauth2.googleapis.com.example.cn/token），没有登记。"
            "请用从 Google Cloud 下载的 .json 文件，不要用别处得来的文件。",
        ),
        (
            lambda: key_text(universe_domain="example.cn"),
            "密钥文件中的登录地址不是 Google 的（example.cn），没有登记。"
            "请用从 Google Cloud 下载的 .json 文件，不要用别处得来的文件。",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(make: Callable[[], str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_key(make())
    assert str(refused.value) == sentence
    # the exception of a parser carries the whole text
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


def test_a_key_of_an_emulator_is_taken_where_one_stands_in_for_google(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_GOOGLE_URL", "http://127.0.0.1:1/")
    assert parse_key(key_text(token_uri="http://127.0.0.1:1/token")).token_uri == "http://127.0.0.1:1/token"


def test_what_is_secret_is_not_shown() -> None:
    key = parse_key(key_text())
    assert repr(key) == str(key) == f"ServiceKey(client_email='{EMAIL}', project_id='{PROJECT}')"
    assert parse_key(json.dumps(key.document())) == key


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    assert held_key(tmp_path) is None
    kept = keep_key(tmp_path, key_text())
    file = tmp_path / "secrets" / "google.json"
    assert held_key(tmp_path) == kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["google.json"]
    # what Google writes beside, nobody needs
    assert json.loads(file.read_text("utf-8")) == {name: document()[name] for name in kept.document()} | {
        "private_key": private_key().strip()
    }


def test_a_key_takes_the_place_of_another(tmp_path: Path) -> None:
    folder = key_file(tmp_path).parent
    folder.mkdir(mode=0o755)
    keep_key(tmp_path, key_text())
    other = keep_key(tmp_path, key_text(private_key=private_key("second")))
    assert held_key(tmp_path) == other
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_refused_leaves_the_key_that_is_there(tmp_path: Path) -> None:
    kept = keep_key(tmp_path, key_text())
    with pytest.raises(Refused):
        keep_key(tmp_path, key_text(private_key="x"))
    assert held_key(tmp_path) == kept


def test_a_key_that_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    key_file(tmp_path).mkdir(parents=True)
    told = "密钥没有存下，这是文件夹，不是文件。请检查数据文件夹的磁盘空间和权限后重试。"
    assert refusal(lambda: keep_key(tmp_path, key_text())) == told
    assert [path.name for path in key_file(tmp_path).parent.iterdir()] == ["google.json"]


def test_a_key_is_forgotten(tmp_path: Path) -> None:
    keep_key(tmp_path, key_text())
    forget_key(tmp_path)
    forget_key(tmp_path)
    assert held_key(tmp_path) is None
    assert list(key_file(tmp_path).parent.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"{", "内容不完整或已被改动"), (b"\xff\xfe", "不是文本"), (None, "这是文件夹，不是文件")],
)
def test_a_damaged_key_is_told(data: bytes | None, reason: str, tmp_path: Path) -> None:
    file = key_file(tmp_path)
    file.parent.mkdir()
    if data is None:
        file.mkdir()
    else:
        file.write_bytes(data)
    told = f"保存的服务账号密钥读不出来（{reason}）。请管理员在“在线表格”页面重新登记。"
    assert fault(lambda: held_key(tmp_path)) == ("key_damaged", told)


def test_a_key_named_by_the_server_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key(tmp_path, key_text())
    named = tmp_path / "key.json"
    named.write_text(key_text(client_email="other@fictional-project.iam.gserviceaccount.com"), "utf-8")
    monkeypatch.setenv("SHIFAN_GOOGLE_KEY", str(named))
    held = held_key(tmp_path)
    assert held is not None
    assert held.client_email == "other@fictional-project.iam.gserviceaccount.com"
    told = "密钥由服务器设置 SHIFAN_GOOGLE_KEY 指定，不能在这里更换或删除。请系统管理员修改服务器设置。"
    assert refusal(lambda: keep_key(tmp_path, key_text())) == told
    assert refusal(lambda: forget_key(tmp_path)) == told


def test_a_named_key_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key(tmp_path, key_text())
    monkeypatch.setenv("SHIFAN_GOOGLE_KEY", str(tmp_path / "none.json"))
    told = (
        f"服务器设置 SHIFAN_GOOGLE_KEY 指定的密钥文件“{tmp_path}/none.json”读不出来，找不到。请系统管理员检查这个文件。"
    )
    assert refusal(lambda: held_key(tmp_path)) == told


def test_the_demo_never_takes_the_key_of_the_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "key.json"
    named.write_text(key_text(), "utf-8")
    monkeypatch.setenv("SHIFAN_GOOGLE_KEY", str(named))
    monkeypatch.setenv("SHIFAN_DEMO", "1")
    assert held_key(tmp_path / "demo") is None
