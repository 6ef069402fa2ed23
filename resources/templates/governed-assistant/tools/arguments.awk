# Reads a tool's arguments, one flat JSON object, into ARGUMENT[name].
# Strings lose their escapes; numbers and words stay as they are written.
# The program has checked them against the tool's schema already.

function fail(why) {
    print why > "/dev/stderr"
    exit 1
}

function skip_blanks() {
    while (substr(json, at, 1) ~ /[ \t\r\n]/)
        at++
}

function expect(character) {
    skip_blanks()
    if (substr(json, at, 1) != character)
        fail("arguments: expected " character " at byte " at)
    at++
}

function hex4(text,    i, value) {
    for (i = 1; i <= 4; i++)
        value = value * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
    return value
}

function utf8(code) {
    if (code < 128)
        return sprintf("%c", code)
    if (code < 2048)
        return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    if (code < 65536)
        return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
}

function escape_at(    letter, code, place) {
    letter = substr(json, at, 1)
    at++
    if (letter != "u") {
        place = index("bfnrt", letter)
        return place ? substr("\b\f\n\r\t", place, 1) : letter
    }
    code = hex4(substr(json, at, 4))
    at += 4
    # A pair of surrogates is one character.
    if (code >= 55296 && code < 56320 && substr(json, at, 2) == "\\u") {
        code = 65536 + (code - 55296) * 1024 + hex4(substr(json, at + 2, 4)) - 56320
        at += 6
    }
    return utf8(code)
}

function string_at(    out, character) {
    expect("\"")
    while ((character = substr(json, at, 1)) != "\"") {
        if (character == "")
            fail("arguments: a string has no end")
        at++
        out = out (character == "\\" ? escape_at() : character)
    }
    at++
    return out
}

function bare_at(    begin) {
    begin = at
    while (substr(json, at, 1) ~ /[-+.0-9A-Za-z]/)
        at++
    if (at == begin)
        fail("arguments: expected a string, a number or a word at byte " at)
    return substr(json, begin, at - begin)
}

function read_arguments(    name) {
    at = 1
    expect("{")
    skip_blanks()
    while (substr(json, at, 1) != "}") {
        name = string_at()
        expect(":")
        skip_blanks()
        ARGUMENT[name] = substr(json, at, 1) == "\"" ? string_at() : bare_at()
        skip_blanks()
        if (substr(json, at, 1) == ",")
            at++
        skip_blanks()
    }
}

# A JSON string of the text.
function quoted(text,    i, character, out, place) {
    for (i = 1; i <= length(text); i++) {
        character = substr(text, i, 1)
        place = index("\"\\\b\f\n\r\t", character)
        out = out (place ? "\\" substr("\"\\bfnrt", place, 1) : character)
    }
    return "\"" out "\""
}

{ json = json $0 "\n" }
