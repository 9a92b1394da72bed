"""The big office as a profile that the window can open."""

from benchmarks.big_office import FIRST, KEY, big_office
from member_tracker.domain.people import Council, CouncilId
from member_tracker.profile import PRACTICE_WORD, Profile
from member_tracker.store import keys
from member_tracker.store.keys import KeyKind
from member_tracker.store.store import Store


def big_profile() -> Profile:
    """A million enquiries under a key of practice data, of a council whose charter ships."""
    folder = big_office()
    if not keys.has_key(folder):
        store = Store.open(folder, KEY, now=lambda: FIRST, new_id=iter(map(str, range(1000))).__next__)
        with store.writing(author=None) as tx:
            tx.save(Council(id=CouncilId("c"), name="Chorley"))
        store.close()
        wrapped = keys._wrapped(KeyKind.PRACTICE, KEY, PRACTICE_WORD, keys._PRACTICE_COST)
        keys._put_new(folder / keys.KEY_FILE, wrapped)
    return Profile(folder=folder)
