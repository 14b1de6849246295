"""Requests about what lies over the cells: protection, conditional formats, names, developer metadata."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.sheets_emulator import answers, colours, conditions
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.grid import BOUNDS, span
from tests.sheets_emulator.masks import Mask, merge
from tests.sheets_emulator.problems import PROTECTED, Json, invalid
from tests.sheets_emulator.work import Work, fields, kind


def _bounded(work: Work, given: Json) -> Json:
    """A GridRange to keep: as it was given, once it is known to lie on its sheet."""
    area = work.area(given)
    named = {name: value for name, value in area.json().items() if name in given}
    return {"sheetId": area.sheet} | {name: named[name] for name in BOUNDS if name in named}


@kind
def add_protected_range(work: Work, request: Json) -> Json:
    """A range or sheet that only its editors may change."""
    given = request.get("protectedRange") or {}
    place = _protected_place(work, given)
    sheet = work.book.sheet(place["sheetId"])
    if not place.keys() - {"sheetId"} and any(not each["range"].keys() - {"sheetId"} for each in sheet.protected):
        raise invalid("This sheet is already protected.")
    wanted = given.get("protectedRangeId")
    if wanted is not None and any(
        each["protectedRangeId"] == wanted for one in work.book.sheets for each in one.protected
    ):
        raise invalid(f"Protected range with ID {wanted} already exists.")
    made = _protection(work, given, place) | {"protectedRangeId": wanted or work.book.next_id()}
    sheet.protected.append(made)
    return {"addProtectedRange": {"protectedRange": answers.protected_answer(made, work.editor)}}


def _protected_place(work: Work, given: Json) -> Json:
    if given.get("namedRangeId"):
        named = next((each for each in work.book.names if each["namedRangeId"] == given["namedRangeId"]), None)
        if named is None:
            raise invalid(f"No named range with id: {given['namedRangeId']}")
        return dict(named["range"])
    if given.get("range") is None:
        raise invalid("Must specify a range to protect.")
    return _bounded(work, given["range"])


def _protection(work: Work, given: Json, place: Json) -> Json:
    editors = given.get("editors") or {}
    if given.get("warningOnly"):
        editors = {}
    if editors and "users" not in editors and "groups" not in editors and "domainUsersCanEdit" not in editors:
        editors = {}
    holes = [_bounded(work, each) for each in given.get("unprotectedRanges") or ()]
    if holes and place.keys() - {"sheetId"}:
        raise invalid("unprotectedRanges may only be set on a protected sheet.")
    kept = {name: given[name] for name in ("description", "warningOnly", "namedRangeId") if given.get(name)}
    if not given.get("editors") and not given.get("warningOnly"):
        editors = {"users": [work.editor.email]}
    return kept | {"range": place, "editors": editors} | ({"unprotectedRanges": holes} if holes else {})


def _protected(work: Work, wanted: int | None) -> tuple[Sheet, int]:
    for sheet in work.book.sheets:
        for place, each in enumerate(sheet.protected):
            if each["protectedRangeId"] == wanted:
                if not work.editor.may(each):
                    raise invalid(PROTECTED)
                return sheet, place
    raise invalid(f"No protected range with id: {wanted}")


@kind
def update_protected_range(work: Work, request: Json) -> Json:
    """Another range, other editors or another description."""
    given, mask = request.get("protectedRange") or {}, fields(request, "ProtectedRange")
    sheet, at = _protected(work, given.get("protectedRangeId"))
    before = sheet.protected.pop(at)
    now = merge(mask, before, given)
    place = _protected_place(work, now)
    kept = {"protectedRangeId": before["protectedRangeId"]}
    home = work.book.sheet(place["sheetId"])
    home.protected.insert(at if home is sheet else len(home.protected), _protection(work, now, place) | kept)
    return {}


@kind
def delete_protected_range(work: Work, request: Json) -> Json:
    """The protection goes, what it covered stays."""
    sheet, at = _protected(work, request.get("protectedRangeId"))
    del sheet.protected[at]
    return {}


def _rule(work: Work, given: Json) -> tuple[Sheet, Json]:
    ranges = [_bounded(work, each) for each in given.get("ranges", [])]
    homes = {each["sheetId"] for each in ranges}
    if len(homes) != 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in given) == ("gradientRule" in given):
        raise invalid("Exactly one of booleanRule and gradientRule must be set.")
    if "booleanRule" in given:
        conditions.checked(given["booleanRule"].get("condition"), "booleanRule")
        conditions.checked_format(given["booleanRule"].get("format") or {})
    return work.book.sheet(homes.pop()), colours.both(given) | {"ranges": ranges}


def _rule_at(sheet: Sheet, place: int) -> int:
    if not 0 <= place < len(sheet.rules):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {place}")
    return place


@kind
def add_conditional_format_rule(work: Work, request: Json) -> Json:
    """A rule before the one that has this index now."""
    sheet, rule = _rule(work, request.get("rule") or {})
    work.editor.edits_sheet(sheet)
    place = request.get("index", 0)
    if place > len(sheet.rules):
        raise invalid(f"Index {place} is past the end of the conditional formats.")
    sheet.rules.insert(place, rule)
    return {}


@kind
def update_conditional_format_rule(work: Work, request: Json) -> Json:
    """Another rule at its place, or another place for it."""
    if "rule" in request:
        sheet, rule = _rule(work, request["rule"])
        place = _rule_at(sheet, request.get("index", 0))
        old, sheet.rules[place] = sheet.rules[place], rule
        told = {"oldRule": answers.rule_answer(old), "newRule": answers.rule_answer(rule)}
        return {"updateConditionalFormatRule": told | ({"newIndex": place, "oldIndex": place} if place else {})}
    sheet = work.sheet(request)
    old_place, new_place = _rule_at(sheet, request.get("index", 0)), _rule_at(sheet, request.get("newIndex", 0))
    rule = sheet.rules.pop(old_place)
    sheet.rules.insert(new_place, rule)
    return {"updateConditionalFormatRule": {"newRule": answers.rule_answer(rule), "newIndex": new_place}}


@kind
def delete_conditional_format_rule(work: Work, request: Json) -> Json:
    """The rule goes; those after it move up."""
    sheet = work.sheet(request)
    work.editor.edits_sheet(sheet)
    rule = sheet.rules.pop(_rule_at(sheet, request.get("index", 0)))
    return {"deleteConditionalFormatRule": {"rule": answers.rule_answer(rule)}}


def _name(book: Book, name: str, but: str = "") -> str:
    if not re.fullmatch(r"(?i)(?!true$|false$)[^\W\d]\w{0,249}", name) or span(name) is not None:
        raise invalid(f"The name of your named range is invalid: {name}")
    if any(each["name"].casefold() == name.casefold() and each["namedRangeId"] != but for each in book.names):
        raise invalid(f"A named range with the name '{name}' already exists.")
    return name


@kind
def add_named_range(work: Work, request: Json) -> Json:
    """A name for a range."""
    given = request.get("namedRange") or {}
    made = {"namedRangeId": given.get("namedRangeId") or str(work.book.next_id())}
    made |= {"name": _name(work.book, given.get("name", "")), "range": _bounded(work, given.get("range") or {})}
    work.book.names.append(made)
    return {"addNamedRange": {"namedRange": answers.proto_range(made)}}


def _named(work: Work, wanted: str | None) -> int:
    for place, each in enumerate(work.book.names):
        if each["namedRangeId"] == wanted:
            return place
    raise invalid(f"No named range with id: {wanted}")


@kind
def update_named_range(work: Work, request: Json) -> Json:
    """Another name or range."""
    given, mask = request.get("namedRange") or {}, fields(request, "NamedRange")
    place = _named(work, given.get("namedRangeId"))
    before = work.book.names[place]
    now = merge(mask, before, given)
    name = _name(work.book, now.get("name", ""), before["namedRangeId"])
    kept = {"namedRangeId": before["namedRangeId"], "name": name, "range": _bounded(work, now.get("range") or {})}
    work.book.names[place] = kept
    return {}


@kind
def delete_named_range(work: Work, request: Json) -> Json:
    """The name goes."""
    del work.book.names[_named(work, request.get("namedRangeId"))]
    return {}


@kind
def create_developer_metadata(work: Work, request: Json) -> Json:
    """A key and value on the spreadsheet, a sheet, a row or a column."""
    given = request.get("developerMetadata") or {}
    if not given.get("metadataKey") or not given.get("visibility"):
        raise invalid("metadataKey and visibility are required.")
    wanted = given.get("metadataId")
    if wanted is not None and any(each["metadataId"] == wanted for each in work.book.metadata):
        raise invalid(f"Developer metadata with id {wanted} already exists.")
    kept = {name: given[name] for name in ("metadataKey", "metadataValue", "visibility") if name in given}
    location = _location(work, given.get("location") or {})
    made = {"metadataId": wanted or work.book.next_id()} | kept | {"location": location}
    work.book.metadata.append(made)
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def _location(work: Work, given: Json) -> Json:
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "dimensionRange" in given:
        sheet, dimension, start, end = work.dimension(given["dimensionRange"])
        if end - start != 1:
            raise invalid("Developer metadata may only be associated with a single row or column.")
        place = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}
        return {"locationType": dimension[:-1], "dimensionRange": place}
    if "sheetId" in given:
        return {"locationType": "SHEET", "sheetId": work.sheet(given).id}
    raise invalid("location is required.")


def metadata_filter(work: Work, given: Json) -> Callable[[Json], bool]:
    """What a DataFilter finds among the developer metadata."""
    lookup = given.get("developerMetadataLookup")
    if lookup is None:
        raise invalid("Only developerMetadataLookup may select developer metadata.")
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    wanted = {name: lookup[name] for name in names if name in lookup}
    place = _location(work, lookup["metadataLocation"]) if "metadataLocation" in lookup else None
    kind_of = lookup.get("locationType")

    def meant(each: Json) -> bool:
        location = each["location"]
        right = all(each.get(name) == value for name, value in wanted.items())
        return right and place in (None, location) and kind_of in (None, location["locationType"])

    return meant


@kind
def delete_developer_metadata(work: Work, request: Json) -> Json:
    """All that the filter finds goes."""
    meant = metadata_filter(work, request.get("dataFilter") or {})
    gone = [each for each in work.book.metadata if meant(each)]
    work.book.metadata = [each for each in work.book.metadata if not meant(each)]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


@kind
def update_developer_metadata(work: Work, request: Json) -> Json:
    """Another key, value, place or visibility for all that the filters find."""
    filters = [metadata_filter(work, each) for each in request.get("dataFilters", [])]
    given, mask, changed = request.get("developerMetadata") or {}, fields(request, "DeveloperMetadata"), []
    for place, each in enumerate(work.book.metadata):
        if any(meant(each) for meant in filters):
            now = merge(Mask({name: below for name, below in mask.parts.items() if name != "location"}), each, given)
            if "location" in mask.parts:
                now["location"] = _location(work, given.get("location") or {})
            work.book.metadata[place] = now
            changed.append(now)
    return {"updateDeveloperMetadata": {"developerMetadata": changed} if changed else {}}
