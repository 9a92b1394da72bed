"""Where quoted mail begins: the lines that mail programs write above it, in the languages they are met in."""

import re
from collections.abc import Sequence


def _one_of(*words: str) -> str:
    """Alternatives of a pattern, given as words with `|` between them on as many lines as they need."""
    return "|".join(words)


_WROTE = _one_of(
    r"wrote|writes|schrieb|geschrieben|a écrit|escribió|escribio|escreveu|va escriure|ha scritto|schreef|geschreven",
    r"skrev|kirjoitti|napisał\(?a?\)?|napsala?|написала?|написал\(а\)|пишет|пише|írta|a scris|yazdı|yazmış|έγραψε",
    r"ysgrifennodd|sgrifennodd|写道|寫道|のメッセージ|のメール|さんは書きました|님이 작성|đã viết|rašė|raksta|kirjutas",
    r"je napisao|scríobh",
)
_BEGINS = _one_of(
    r"on|am|le|el|em|op|den|il|in data|w dniu|dnia|dne|ar|vào|a|på|ti|en|no dia|at",
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*",
)
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim)[a-z]*"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ADDRESS = r"<[^<>\s]{1,100}@[^<>]{1,100}>"
_COLON = r"[:：]"

# On Mon, 16 Nov 2026 at 09:12, Pat Green <pat@example.org> wrote:
_ON_DATE_WROTE = (
    rf"\W*(?:{_BEGINS})\b(?=[^\n]*\d)(?![^\n]*\b(?:i|you|we) (?:wrote|writes))"
    rf"[^\n]{{4,400}}?(?:{_WROTE})\b[^\n]{{0,120}}{_COLON}?\W*"
)
# Pat Green <pat@example.org> schrieb am Di., 16. Aug. 2016 um 12:52 Uhr:
_ADDRESS_WROTE = rf"[^\n]{{1,200}}{_ADDRESS}\)?,? ?(?:{_WROTE})\b[^\n]{{0,120}}{_COLON}\W*"
# Pat Green wrote on 16/11/2026:
_WROTE_ON = rf"[^\n]{{1,120}}(?:{_WROTE})\b[^\n]{{0,20}}(?=[^\n]*\d{{1,2}}[^\n]*\d{{2}})[^\n]{{4,120}}{_COLON}\W*"
# 2013/7/20 pat via Something <info@example.org>; Tuesday, 17 November 2026, 3:32 PM from <pat@example.org>:
_DATE_ADDRESS = (
    rf"\W*(?=[^\n]{{0,60}}\d{{1,4}}[^\n]{{0,40}}\d{{2}})(?:\d|{_WEEKDAY}\.?,? ?\d|{_MONTH}\.? \d)"
    rf"[^\n]{{4,200}}{_ADDRESS}\)?\s*{_COLON}?\s*"
)
# 16/11/2026 09:12, Pat Green wrote:
_YEAR_WROTE = rf"\W*(?:[^\n]{{1,200}})?\d{{4}}[^\n]{{1,200}}(?:{_WROTE})\s*{_COLON}\W*"
# tir. 17. nov. 2026 kl. 13:09 skrev Pat Green <pat@example.org>:
_DATE_WROTE_ADDRESS = (
    rf"(?=[^\n]{{0,30}}\d)[^\n]{{4,80}} (?:{_WROTE}) [^\n]{{1,120}}<[^<>\s]{{1,100}}@[^<>]{{1,100}}>?\s*>?{_COLON}\W*"
)
_ATTRIBUTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_ON_DATE_WROTE, _ADDRESS_WROTE, _WROTE_ON, _DATE_ADDRESS, _YEAR_WROTE, _DATE_WROTE_ADDRESS)
)
_OPENS = re.compile(rf"\W*(?:(?:{_BEGINS})\b[^\n]{{0,30}}\d|\d)", re.IGNORECASE)
_SAYS = re.compile(rf"[^\n]{{1,100}}\b(?:{_WROTE}|said|says|schreibt|typed)\s*{_COLON}?\s*", re.IGNORECASE)
_MAY_ATTRIBUTE = re.compile(rf"{_COLON}|@|{_WROTE}", re.IGNORECASE)

_FROM = _one_of(
    r"from|von|de|da|van|fra|från|oddi wrth|od|от|от кого|expéditeur|remitente|mittente|lähettäjä|afzender",
    r"差出人|发件人|寄件者|보낸 사람|kimden|nadawca|feladó|ó",
)
_OTHER = _one_of(
    r"sent|date|to|cc|bcc|subject|reply-to|importance|attachments?|received|sent by|on behalf of|message du",
    r"anfonwyd|dyddiad|at|pwnc|copi|gesendet|datum|an|betreff|antwort an",
    r"envoyé(?: le)?|date d'envoi|à|a|pour|objet|sujet|copie(?: à)?|répondre à",
    r"enviado(?: el| em)?|fecha|data|para|asunto|assunto|inviato|risposta|oggetto|per conto di",
    r"verzonden|aan|onderwerp|sendt|dato|til|emne|skickat|till|ämne|kopia|kopie|lähetetty|vastaanottaja|aihe",
    r"wysłano|do|temat|odesláno|komu|předmět|дата|кому|тема|копия|отправлено",
    r"送信日時|宛先|件名|发送时间|收件人|主题|抄送",
)
_HEADER_FROM = re.compile(rf"[ \t*_]*(?:{_FROM})[ \t]*\*?[ \t]*{_COLON}\*?(?=.*[\w@])", re.IGNORECASE)
_HEADER_OTHER = re.compile(rf"[ \t*_]*(?P<name>{_OTHER})[ \t]*\*?[ \t]*{_COLON}", re.IGNORECASE)

_ORIGINAL = _one_of(
    r"original message|original appointment|original e-?mail|forwarded message|forwarded by|reply message",
    r"begin forwarded message|start of message|neges wreiddiol|y neges wreiddiol|neges a anfonwyd ymlaen",
    r"ursprüngliche nachricht|original ?nachricht|weitergeleitete nachricht|anfang der weitergeleiteten e-mail",
    r"message d'origine|message original|message transféré|mensaje original|mensaje reenviado",
    r"inicio del mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale|messaggio inoltrato",
    r"oorspronkelijk bericht|doorgestuurd bericht|origineel bericht|opprinnelig melding|videresendt melding",
    r"ursprungligt meddelande|vidarebefordrat meddelande|oprindelig meddelelse|alkuperäinen viesti",
    r"wiadomość oryginalna|исходное сообщение|пересылаемое сообщение|原始邮件|转发的邮件|元のメッセージ",
)
_SEPARATOR = re.compile(
    rf"[ \t>*]*(?:[-–—_=]{{2,}}[ \t]*(?:{_ORIGINAL})\b.*|(?:start of forwarded message|{_ORIGINAL})[ \t]*:[ \t]*)",
    re.IGNORECASE,
)
_MAY_QUOTE = re.compile(r"[:：]|[-–—_=*]{2}")
# On 16/11/2026, Pat Green wrote: > Hi, > What about the gully?
_RUN_TOGETHER = re.compile(rf"[ \t]*(?:{_BEGINS})\b[^\n]{{5,200}}?\b(?:{_WROTE})[ \t]*{_COLON}[ \t]+>", re.IGNORECASE)
_ZOHO = re.compile(r"[ \t]*[-–—]{2,}[ \t]*(?:on|am|le|el|op)\b.{5,200}[-–—]{2,}[ \t]*", re.IGNORECASE)
_RULE = re.compile(r"[ \t]*(?:[_=*]{10,}|-{20,}|[—–]{3,})[ \t]*")

MOST_WRAPPED = 4
_ENDS = (":", "：", ">", "-", "_")


def attribution_at(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on say who wrote the quoted mail below them; 0 where they say nothing of the kind."""
    if len(lines[at]) > 400:
        return 0
    joined = ""
    for taken in range(1, MOST_WRAPPED + 1):
        last = lines[at + taken - 1].strip() if at + taken <= len(lines) else ""
        joined = f"{joined} {last}".strip()
        if not last or len(joined) > 500:
            return 0
        if not last.endswith(_ENDS):
            continue
        if _SAYS.fullmatch(joined) and _next_is_marked(lines, at + taken):
            return taken
        if _ZOHO.fullmatch(joined) or _is_attribution(joined):
            return 0 if _begins_later(lines, at, taken) else taken
    return 0


def _next_is_marked(lines: Sequence[str], at: int) -> bool:
    return next((line for line in lines[at : at + 3] if line.strip()), "").lstrip().startswith((">", "|"))


def _begins_later(lines: Sequence[str], at: int, taken: int) -> bool:
    """Whether the attribution is complete without its first line, which then belongs to the reply."""
    if _OPENS.match(lines[at]):
        return False
    return any(
        _is_attribution(" ".join(line.strip() for line in lines[start : at + taken]))
        for start in range(at + 1, at + taken)
    )


def _is_attribution(joined: str) -> bool:
    return (
        joined.endswith(_ENDS)
        and _MAY_ATTRIBUTE.search(joined) is not None
        and any(pattern.fullmatch(joined) for pattern in _ATTRIBUTIONS)
    )


def quoted_mail_at(lines: Sequence[str], at: int) -> bool:
    """Whether a quoted or forwarded mail begins here with a separator or with its headers."""
    line = lines[at]
    if not _MAY_QUOTE.search(line):
        return False
    if _SEPARATOR.fullmatch(line) or _RUN_TOGETHER.match(line):
        return True
    if _RULE.fullmatch(line):
        below = next((number for number in range(at + 1, min(at + 5, len(lines))) if lines[number].strip()), None)
        return below is not None and _headers_at(lines, below)
    return _headers_at(lines, at)


def _headers_at(lines: Sequence[str], at: int) -> bool:
    """Whether at least three header lines stand together here, the sender's among the first two."""
    first_from = _HEADER_FROM.match(lines[at]) is not None
    if not first_from and not _HEADER_OTHER.match(lines[at]):
        return False
    senders, names, strangers, looked = int(first_from), set[str](), 0, 0
    for line in lines[at : at + 16]:
        if not line.strip():
            continue
        looked += 1
        if other := _HEADER_OTHER.match(line):
            names.add(other["name"].lower())
        elif _HEADER_FROM.match(line):
            senders += looked < 3
        else:
            strangers += 1
        if senders and len(names) >= 2:
            return True
        if strangers > 2:
            return False
    return False
