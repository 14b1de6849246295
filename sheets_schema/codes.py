"""Codes and phone numbers: what is right, and where it is wrong. Texts come in folded (`fold_width`)."""

from __future__ import annotations

import re

USCC_LENGTH = 18
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
KEPT_DIGITS = 15  # significant digits that a spreadsheet keeps of a number

INDUSTRY_DIGITS = 3
INDUSTRY_DIVISIONS = range(1, 98)  # GB/T 4754-2017: 大类 01 to 97

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_EXTENSION = re.compile(r"[\s,]*\(?\s*(?:转|分机号?|ext\.?|x|#)\s*:?\s*([0-9]{1,6})\s*\)?$", re.IGNORECASE)
_HYPHEN_EXTENSION = re.compile(r"\s*-\s*([0-9]{1,6})$")
_BODY = re.compile(r"[0-9+(][0-9+()\-\s]*")
_LONGEST_PHONE = 60  # characters; more is not a number, and would only feed the patterns
_COUNTRY = re.compile(r"(?:\+86|0086|86)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})")


def rounded(stored: str, digits: str) -> bool:
    """Whether a number cell has lost digits: it is in exponent form, or all its digits past 15 are zero."""
    past = digits.lstrip("-")[KEPT_DIGITS:]
    return "e" in stored.lower() or (bool(past) and not past.strip("0"))


def uscc_fault(code: str) -> tuple[str, str] | None:
    """What is wrong with a 统一社会信用代码: (key of the sentence, the character it is about), or None.

    GB 32100-2015: 18 characters of the alphabet, places 3-8 the administrative division, place 18 the check
    character. Places 1-2 may be letters, so the library's own `validate` (digits there) is not used.
    """
    if len(code) != USCC_LENGTH:
        return "bad_uscc_length", ""
    strange = next((c for c in code if c not in USCC_ALPHABET), None)
    if strange is not None:
        return "bad_uscc_character", strange
    if not re.fullmatch("[0-9]{6}", code[2:8]):
        return "bad_uscc_division", ""
    from stdnum.cn import uscc  # only where a code is read: it costs start-up time

    return None if uscc.calc_check_digit(code[:-1]) == code[-1] else ("bad_uscc_check", "")


def mobile(text: str) -> str | None:
    """The 11 digits of a mobile, or None."""
    return text if _MOBILE.fullmatch(text) else None


def phone(text: str) -> str | None:
    """A phone number normalised (`13800000000`, `024-80000000`, `024-80000000转801`), or None.

    Taken: hyphens and blanks between the digits, brackets around the area code, +86, an extension.
    """
    if len(text) > _LONGEST_PHONE:
        return None
    text = text.translate(_DASHES)
    # An extension first: 024-8000000-1 is seven digits with extension 1, not eight digits.
    for extension in (_EXTENSION, _HYPHEN_EXTENSION):
        found = extension.search(text)
        body = _number(text[: found.start()]) if found else None
        if found and body:
            return f"{body}转{found[1]}"
    return _number(text)


def _number(text: str) -> str | None:
    """A number without extension, normalised, or None."""
    text = text.strip()
    unbracketed = re.sub(r"\(([0-9+][0-9 \-]*)\)", r"\1", text)
    if not _BODY.fullmatch(text) or "(" in unbracketed or ")" in unbracketed or not text[-1].isdigit():
        return None
    digits = re.sub(r"[\s\-]", "", unbracketed)
    country = _COUNTRY.match(digits)
    forms = [digits]
    if country:
        rest = digits[country.end() :]
        # Behind +86 an area code is written without its 0.
        forms += [rest, f"0{rest}"]
    for form in forms:
        if mobile(form):
            return form
        landline = _LANDLINE.fullmatch(form)
        if landline:
            return f"{landline[1]}-{landline[2]}"
    return None


def is_industry_code(text: str) -> bool:
    """Three digits whose first two are a division (大类) of GB/T 4754."""
    return bool(re.fullmatch("[0-9]{3}", text)) and int(text[:2]) in INDUSTRY_DIVISIONS
