"""The address that stands in for Google's: from the environment, in tests alone."""

from __future__ import annotations

import pytest

from core.settings import settings_from_environment
from tests.command import shifan
from tests.online.refusals import refusal


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", ""),
        (" ", ""),
        ("http://127.0.0.1:40123/", "http://127.0.0.1:40123"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_the_address_is_taken_from_the_environment(value: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_GOOGLE_URL", value)
    assert settings_from_environment().google_url == url
    assert settings_from_environment().for_demo().google_url == url


def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "环境变量 SHIFAN_GOOGLE_URL 的值“127.0.0.1:40123”不是网址，请以 http:// 或 https:// 开头；正式使用不要设。"
    monkeypatch.setenv("SHIFAN_GOOGLE_URL", "127.0.0.1:40123")
    assert refusal(settings_from_environment) == told
    ran = shifan("verify", SHIFAN_GOOGLE_URL="127.0.0.1:40123")
    assert (ran.code, ran.out, ran.err) == (2, "", f"shifan：{told}\n")
