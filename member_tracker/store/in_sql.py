"""What of the file SQLAlchemy has no words for: search indexes, and triggers that keep them or keep the timeline."""

_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5(
    subject, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
)
"""
# The words of the index, in order: a window on it that holds nothing itself.
_SEARCH_TERM = "CREATE VIRTUAL TABLE search_term USING fts5vocab(search, instance)"
# Residents are found as one types, by name, address, telephone number without its gaps, and email.
_RESIDENT_SEARCH = """
CREATE VIRTUAL TABLE resident_search USING fts5(
    words, content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2'
)
"""
_RESIDENT_WORDS = (
    "new.name || ' ' || coalesce(new.address, '') || ' ' || coalesce(new.email, '') || ' ' ||"
    " replace(replace(coalesce(new.phone, ''), ' ', ''), '-', '')"
)
_RESIDENT_FOUND = f"""
CREATE TRIGGER resident_found AFTER INSERT ON resident WHEN new.deleted_at IS NULL
BEGIN INSERT INTO resident_search (rowid, words) VALUES (new.pos, {_RESIDENT_WORDS}); END
"""  # noqa: S608 - fixed words
_RESIDENT_FOUND_ANEW = f"""
CREATE TRIGGER resident_found_anew AFTER UPDATE OF name, address, email, phone, deleted_at ON resident
BEGIN DELETE FROM resident_search WHERE rowid = old.pos;
INSERT INTO resident_search (rowid, words) SELECT new.pos, {_RESIDENT_WORDS} WHERE new.deleted_at IS NULL; END
"""  # noqa: S608 - fixed words
_RESIDENT_LOST = """
CREATE TRIGGER resident_lost AFTER DELETE ON resident
BEGIN DELETE FROM resident_search WHERE rowid = old.pos; END
"""
_ENTRY_STAYS = """
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END
"""
_ENTRY_AS_WRITTEN = """
CREATE TRIGGER entry_as_written
BEFORE UPDATE OF pos, id, enquiry_id, kind, at, written_at, author, text, details ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END
"""

IN_SQL = tuple(
    made.strip()
    for made in (
        _SEARCH,
        _SEARCH_TERM,
        _RESIDENT_SEARCH,
        _RESIDENT_FOUND,
        _RESIDENT_FOUND_ANEW,
        _RESIDENT_LOST,
        _ENTRY_STAYS,
        _ENTRY_AS_WRITTEN,
    )
)
"""Each statement, in the order they are run after the tables are made."""
