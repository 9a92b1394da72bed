"""What single sentences of a reply say: each cue a phrase, each with what speaks against it."""

from functools import lru_cache

from member_tracker.domain import reading_phrases as phrases
from member_tracker.domain.reading_sentences import Sentence

_REMEMBERED = 256  # sentences: several rules ask the same of each


def says_done(sentence: Sentence) -> bool:
    """Whether it tells of something done or found, and does not put it off."""
    text = sentence.plain
    if not phrases.PAST_ACTION.search(text) or _only_handed_on(text):
        return False
    return not _put_off(text)


def _put_off(text: str) -> bool:
    """Whether what is told as done lies behind a condition or in the future throughout the sentence."""
    found = phrases.NOT_YET.search(text)
    if found is None:
        return False
    before = phrases.PAST_ACTION.search(text[: found.start()])
    return before is None or found.start() < 12


def _only_handed_on(text: str) -> bool:
    rest = phrases.NOT_ANSWERED.sub(" ", text)
    return rest != text and not phrases.PAST_ACTION.search(rest)


def says_fact(sentence: Sentence) -> bool:
    """Whether it states how things are: a rule, a reason, a decision."""
    return bool(phrases.FACT.search(phrases.NOT_ANSWERED.sub(" ", sentence.plain))) and not sentence.plain.endswith("?")


@lru_cache(maxsize=_REMEMBERED)
def says_closed(sentence: Sentence) -> bool:
    """Whether it says that the case is over, now and without condition; a closed road is no closed case."""
    text = sentence.plain
    if not (found := phrases.CLOSURE.search(text)) or phrases.CLOSURE_OF_PLACE.search(text):
        return False
    rest = text[: found.start()] + "_" * len(found.group()) + text[found.end() :]
    held_back = phrases.NOT_YET.search(rest)
    return held_back is None or (
        held_back.start() > found.end() and not held_back.group().startswith(("if", "once", "when", "until"))
    )


def gives_no_promise(sentence: Sentence) -> bool:
    """Whether the days in it are the life of a permit, a time limit or the like, and nothing the council will do."""
    return bool(phrases.NO_PROMISE.search(sentence.plain)) and not phrases.WE_WILL.search(sentence.plain)


def is_ruled_out(text: str) -> bool:
    """Whether the words up to a date say that nothing will happen by then."""
    return bool(phrases.NOT_BY.search(text))


def looks_ahead(sentence: Sentence) -> bool:
    """Whether it speaks of what is still to come."""
    return bool(phrases.FUTURE.search(sentence.plain)) and not sentence.plain.endswith("?")


@lru_cache(maxsize=_REMEMBERED)
def promises_more(sentence: Sentence) -> bool:
    """Whether its writer will still do something."""
    return bool(phrases.STILL_TO_DO.search(sentence.plain))


def is_waiting(sentence: Sentence) -> bool:
    """Whether it says that the answer or the work is still to come."""
    text = sentence.plain
    if text.endswith("?"):
        return False
    rest = phrases.ONLY_PASSED_ON.sub(" ", text)
    to_come = phrases.TO_BE_DONE.search(rest) and not phrases.NOTHING_TO_BE_DONE.search(text)
    return bool(to_come or phrases.WAITING.search(text))


def asks(sentence: Sentence) -> bool:
    """Whether it asks us for something; courtesies and questions it merely repeats do not count."""
    text = sentence.plain
    is_question = text.endswith("?") and '"' not in text and phrases.QUESTION.search(text) is not None
    return (is_question or phrases.REQUEST.search(text) is not None) and not phrases.COURTESY.search(text)


def sends_elsewhere(sentence: Sentence) -> bool:
    """Whether it says that somebody else must answer."""
    text = sentence.plain
    if phrases.NOT_OURS.search(text):
        return True
    return bool(phrases.CONTACT.search(text)) and not phrases.CONDITION.search(text)


def hands_on(sentence: Sentence) -> bool:
    """Whether it says that the matter went to another team or body by name."""
    return _handed(sentence.plain) and not phrases.INSIDE.search(sentence.plain)


def hands_on_inside(sentence: Sentence) -> bool:
    """Whether it says that the matter went to a colleague or “the relevant team”: part of acknowledging it."""
    return _handed(sentence.plain) and bool(phrases.INSIDE.search(sentence.plain))


@lru_cache(maxsize=_REMEMBERED)
def _handed(text: str) -> bool:
    return (
        ("to " in text or "copied" in text)
        and bool(phrases.PASSED_ON.search(text))
        and not phrases.PASSED_WHAT.search(text)
    )


@lru_cache(maxsize=_REMEMBERED)
def thanks_or_starts(sentence: Sentence) -> bool:
    """Whether it says only that the mail arrived or that somebody will look into it."""
    return bool(phrases.THANKS.search(sentence.plain))


def is_away(sentence: Sentence) -> bool:
    """Whether it says that the writer is away."""
    return bool(phrases.AWAY.search(sentence.plain))


def says_whom_to_ask(sentence: Sentence) -> bool:
    """Whether it says whom to ask while the writer is away, in English or Welsh."""
    return bool(phrases.WHOM_TO_ASK.search(sentence.plain))


def speaks_of_return(sentence: Sentence) -> bool:
    """Whether a date in it may be that of the return."""
    return bool(phrases.RETURN.search(sentence.plain))


def chases(sentence: Sentence) -> bool:
    """Whether a resident or councillor asks how things stand."""
    return bool(phrases.CHASING.search(sentence.plain))


def speaks_of_the_past(text: str) -> bool:
    """Whether a date in it is that of a mail or an event gone by."""
    return bool(phrases.PAST_DATE_WORDS.search(text))
