"""What a resident identity number must be by its own arithmetic (GB 11643): digits in → yes or no. Pure."""

from __future__ import annotations

from datetime import date

_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
PROVINCES = frozenset(_PROVINCE_CODES.split())


def is_birthday(digits: str) -> bool:
    """Whether these are eight digits, and a day on which somebody may have been born."""
    if len(digits) != 8 or not (digits.isascii() and digits.isdecimal()):
        return False
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not 1880 <= year <= 2079:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def has_check_digit(number: str) -> bool:
    """Whether the last of 18 places is what the others give."""
    from stdnum.cn import ric

    return bool(number[-1] == ric.calc_check_digit(number))


def is_credit_code(number: str) -> bool:
    """Whether it is the unified credit code of an organisation, which is public."""
    from stdnum.cn import uscc

    return len(number) == 18 and bool(uscc.is_valid(number))


def is_shaped_like_id(number: str) -> bool:
    """Whether there are 17 digits, and one more or an X."""
    return len(number) == 18 and number.isascii() and number[:17].isdecimal() and number[17] in "0123456789X"


def looks_like_id(number: str) -> bool:
    """Whether there are 18 places that begin with a province and have a birthday where one belongs."""
    return is_shaped_like_id(number) and number[:2] in PROVINCES and is_birthday(number[6:14])


def is_resident_id(number: str) -> bool:
    """Whether it is one by all its places, a foreigner's with permanent residence among them."""
    if number[:1] == "9":  # 9, province, nationality, birthday
        known = is_shaped_like_id(number) and number[1:3] in PROVINCES and is_birthday(number[6:14])
        return known and not is_credit_code(number) and has_check_digit(number)
    return looks_like_id(number) and has_check_digit(number)
