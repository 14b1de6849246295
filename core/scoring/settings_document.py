"""Settings as they are kept and shown: a JSON document with exact numbers as texts, and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast, get_args

from core.errors import Refused
from core.scoring.settings import (
    NAMES,
    OPEN,
    Aggregation,
    Comments,
    Grade,
    Scale,
    ScoringSettings,
    Visibility,
    problems,
)
from core.standards.rubric import Rubric
from sheets_schema.fold import fold_width

_CHOICES: Final = {"aggregation": Aggregation, "comments": Comments, "visibility": Visibility}
_OWN: Final = "own_scales"


class SettingsRefused(Refused):
    """The settings cannot be used: `sentences` says everything that is wrong at once."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("".join(sentences))
        self.sentences = sentences


def document(settings: ScoringSettings) -> dict[str, Any]:
    """The settings as a JSON document; numbers are texts, so that none is rounded."""
    return {
        "weights": {code: _text(weight) for code, weight in settings.weights.items()},
        "scale": _scale_document(settings.scale),
        "own_scales": {code: _scale_document(scale) for code, scale in settings.own_scales.items()},
        "experts": settings.experts,
        "aggregation": settings.aggregation,
        "trim_from": settings.trim_from,
        "pass_line": _text(settings.pass_line),
        "grades": None
        if settings.grades is None
        else [{"name": one.name, "from": _text(one.start)} for one in settings.grades],
        "same_city": settings.same_city,
        "comments": settings.comments,
        "visibility": settings.visibility,
        "range_mark": _text(settings.range_mark),
        "deviation_mark": _text(settings.deviation_mark),
    }


def read(content: Mapping[str, Any], rubric: Rubric) -> ScoringSettings:
    """The settings in a document that may be a draft; `SettingsRefused` says all that is missing or wrong.

    A key that is left out has not been decided; None says that there is to be no such thing (不设).
    """
    reader = _Reader(content, rubric)
    made = ScoringSettings(
        weights=reader.weights(),
        scale=reader.scale(content.get("scale"), "各项指标"),
        own_scales=reader.own_scales(),
        experts=reader.whole("experts") or 0,
        aggregation=cast(Aggregation, reader.choice("aggregation")),
        trim_from=reader.whole("trim_from", none=True),
        pass_line=reader.optional("pass_line"),
        grades=reader.grades(),
        same_city=reader.flag("same_city"),
        comments=cast(Comments, reader.choice("comments")),
        visibility=cast(Visibility, reader.choice("visibility")),
        range_mark=reader.optional("range_mark"),
        deviation_mark=reader.optional("deviation_mark"),
    )
    said = tuple(reader.said) or problems(made, rubric)
    if said:
        raise SettingsRefused(said)
    return made


class _Reader:
    """Reads key by key, collecting what is wrong; what cannot be read is replaced by something of its type."""

    def __init__(self, content: Mapping[str, Any], rubric: Rubric) -> None:
        self._content, self._rubric = content, rubric
        self.said = [f"不认识“{key}”这项设置。" for key in content if key not in NAMES]

    def weights(self) -> dict[str, Decimal]:
        given = self._content.get("weights") or {}
        found = {}
        for code, name in self._rubric.names.items():
            found[code] = self._number(given.get(code), f"“{name}”的权重")
        self.said += [f"附件3 没有“{code}”这项指标，不能给它权重。" for code in given if code not in found]
        return found

    def scale(self, given: Mapping[str, Any] | None, name: str) -> Scale:
        given = given or {}
        return Scale(
            self._number(given.get("top"), f"{name}的满分"), self._number(given.get("step"), f"{name}的打分间隔")
        )

    def own_scales(self) -> dict[str, Scale]:
        names = self._rubric.names
        given = self._content.get(_OWN) or {}
        return {code: self.scale(one, f"“{names.get(code, code)}”") for code, one in given.items()}

    def whole(self, key: str, *, none: bool = False) -> int | None:
        value = self._content.get(key)
        if value is None and none:
            return None
        number = self._number(value, NAMES[key])
        if number != number.to_integral_value():
            self.said.append(f"{NAMES[key]}应当是整数。")
        return int(number)

    def optional(self, key: str) -> Decimal | None:
        if key not in self._content:
            self.said.append(f"{NAMES[key]}还没有定（可以定为不设）。{OPEN}")
        value = self._content.get(key)
        return None if value is None else self._number(value, NAMES[key])

    def grades(self) -> tuple[Grade, ...] | None:
        if "grades" not in self._content:
            self.said.append(f"{NAMES['grades']}还没有定（可以定为不设）。{OPEN}")
        given = self._content.get("grades")
        if given is None:
            return None
        found = []
        for one in given:
            name = str(one.get("name") or "").strip()
            found.append(Grade(name, self._number(one.get("from"), f"等次“{name}”的起点分")))
        return tuple(found)

    def choice(self, key: str) -> str:
        options = get_args(_CHOICES[key])
        value = self._content.get(key)
        if value not in options:
            self.said.append(f"{NAMES[key]}还没有定。{OPEN}")
            return str(options[0])
        return str(value)

    def flag(self, key: str) -> bool:
        value = self._content.get(key)
        if not isinstance(value, bool):
            self.said.append(f"{NAMES[key]}还没有定。{OPEN}")
        return bool(value)

    def _number(self, value: object, name: str) -> Decimal:
        if value is None or value == "":
            self.said.append(f"{name}还没有定。{OPEN}")
            return Decimal(1)
        if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
            try:
                number = Decimal(fold_width(str(value)))
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite():
                return number
        self.said.append(f"{name}填的“{value}”不是数，请改正。")
        return Decimal(1)


def _scale_document(scale: Scale) -> dict[str, Any]:
    return {"top": _text(scale.top), "step": _text(scale.step)}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
