"""Write the bank holidays the program ships: GOV.UK's list, and the years before it from the `holidays` library.

Run with the development packages installed: `python -m installer.refresh_bank_holidays [FOLDER]`.
"""

import json
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import holidays

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "bank_holidays"
DIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
FIRST_YEAR, FIRST_GOVUK_YEAR = 2002, 2012
GOVUK = "GOV.UK bank holidays, as shipped in the Ministry of Justice's govuk-bank-holidays"
EARLIER = "the holidays library, checked by hand"
NOT_YET = {("scotland", date(2006, 11, 30))}
"""Saint Andrew's Day is a bank holiday only since the Act of January 2007; the library has it a year early."""

Days = dict[str, str]


def govuk_days(division: str) -> Days:
    """The days of GOV.UK's list, with its note (such as Substitute day) in brackets."""
    listed = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8"))
    return {
        event["date"]: f"{event['title']} ({event['notes'].lower()})" if event["notes"] else event["title"]
        for event in listed[division]["events"]
    }


def earlier_days(division: str) -> Days:
    """The weekday bank holidays before GOV.UK's list begins; what falls at a weekend has its substitute day instead."""
    known = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=range(FIRST_YEAR, FIRST_GOVUK_YEAR))
    return {
        on.isoformat(): name.replace("(observed)", "(substitute day)")
        for on, name in sorted(known.items())
        if on.weekday() < 5 and (division, on) not in NOT_YET
    }


def write(folder: Path) -> None:
    """Write one file for each division."""
    for division in DIVISIONS:
        listed = govuk_days(division)
        last_year = max(listed)[:4]
        sources = [
            {"from": f"{FIRST_YEAR}-01-01", "to": f"{FIRST_GOVUK_YEAR - 1}-12-31", "source": EARLIER},
            {"from": f"{FIRST_GOVUK_YEAR}-01-01", "to": f"{last_year}-12-31", "source": GOVUK},
        ]
        content = {"division": division, "sources": sources, "days": earlier_days(division) | listed}
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (folder / f"{division}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
