"""Recognisers of personal data and secrecy marks: a passage of text in → matches out. Pure.

``passages`` takes one quick look at some texts; only what that look makes possible is
then searched in earnest, so that an ordinary item costs some microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.clearance.recognise.documents import email, licence_plate, travel_document
from generator.clearance.recognise.homes import home_address
from generator.clearance.recognise.match import Match, Passage, Recogniser, Sign
from generator.clearance.recognise.numbers import bank_card, landline, mobile, resident_id
from generator.clearance.recognise.passage import passage, passages, weigh, weigh_length
from generator.clearance.recognise.people import (
    birth_date,
    name_list,
    sensitive_name_list,
)
from generator.clearance.recognise.secrecy import secrecy_mark

RECOGNISERS: Mapping[str, Recogniser] = {
    "resident-id": Recogniser(resident_id, Sign.DIGITS),
    "mobile": Recogniser(mobile, Sign.DIGITS),
    "landline": Recogniser(landline, Sign.DIGITS),
    "bank-card": Recogniser(bank_card, Sign.DIGITS),
    "travel-document": Recogniser(travel_document, Sign.TRAVEL),
    "licence-plate": Recogniser(licence_plate, Sign.PLATE),
    "email": Recogniser(email, Sign.AT),
    "home-address": Recogniser(home_address, Sign.ADDRESS),
    "birth-date": Recogniser(birth_date, Sign.BIRTH),
    "name-list": Recogniser(name_list, Sign.ALWAYS),
    "sensitive-name-list": Recogniser(sensitive_name_list, Sign.NAMES),
    "secrecy-mark": Recogniser(secrecy_mark, Sign.SECRECY),
}
"""Every recogniser by the name that a rule of the negative list gives (``recogniser: mobile``)."""

__all__ = ["RECOGNISERS", "Match", "Passage", "Recogniser", "Sign", "passage", "passages", "weigh", "weigh_length"]
