"""What single sentences of an officer's reply say: each cue a phrase, each with what speaks against it."""

import re

from member_tracker.domain.reading_sentences import Sentence


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(phrases) + ")")


_DONE = (
    r"(?:re)?(?:paired|placed|instated|surfaced|painted|visited|inspected|programmed|connected|moved|funded|assessed|"
    r"checked|issued|opened|leased|housed|newed|viewed|started|set|swept|ordered|scheduled)|"
    r"fixed|mended|patched|filled|cleared|emptied|collected|cleaned|cleansed|gritted|salted|swept|jetted|unblocked|cut|"
    r"trimmed|pruned|felled|planted|delivered|installed|erected|fitted|painted|treated|tested|assessed|measured|surveyed|"
    r"attended|visited|investigated|examined|checked|found|identified|confirmed|determined|granted|refused|approved|"
    r"rejected|awarded|paid|refunded|credited|amended|corrected|updated|cancelled|withdrawn|served|prosecuted|fined|"
    r"warned|spoken|met|written|contacted|advised|explained|agreed|decided|arranged|carried out|undertaken|made safe|"
    r"dealt with|completed|finished|taken|given|changed|adjusted|switched|turned|upgraded|rectified|sorted|actioned|"
    r"removed|resolved|made|built|put|banded|licensed|registered on the housing|backdated|disposed|towed|secured|boarded"
)
_WORK = (
    r"repairs?|works?|inspections?|visits?|survey|replacement|installation|collection|cleaning|clearance|assessment|"
    r"review|resurfacing|gritting|treatment"
)

_PAST_ACTION = _any(
    rf"(?:has|have|had|was|were|'s|'ve) (?:now |also |already |since |both |all |just |recently |therefore |subsequently |"
    rf"fully |successfully |been |today |again |being )*(?:{_DONE})\b",
    rf"(?:i|we|he|she|they|officers?|crews?|team|inspector|engineers?|contractors?|wardens?|enforcement|operatives?|it|council|"
    rf"colleagues?|department|panel|committee|surveyor|\d{{4}})(?: and i)?(?: then| also| both| recently| duly| subsequently)? "
    rf"(?:{_DONE}|spoke|wrote|made|took|went|saw|sent|gave|rang|called|cut|put|swept|won|got to|did|issued|served|attended)\b",
    rf"(?:{_DONE}) (?:this morning|yesterday|today|earlier|last (?:night|week|month|\w+day))",
    r"no (?:defects?|faults?|breach|evidence|further problems?|record|issues?|problems?) (?:was |were |has been |have been )?"
    r"(?:found|identified|seen|noted|of)",
)
_FACT = _any(
    r"(?:do|does|did|is|are|was|were) not (?!yet|clear|sure|able to (?:give|respond|reply|confirm|say))",
    r"(?:is|are|was|were) (?:un)?(?:eligible|entitled|adopted|permitted|possible|allowed|exempt|available|due to)",
    r"there (?:is|are|was|were) (?:no|currently|already|not|a|an|two|three|four|\d+)",
    r"(?:unable|not able|not in a position) to (?!give|provide an update|respond|reply|confirm)",
    r"(?:cannot|can't|can not) (?!yet|confirm|give|respond|say)",
    r"(?:the )?(?:reason|cause|cost|fee|charge|policy|criteria|criterion|band|limit|balance|rate|decision|outcome|result|position|"
    r"answer) (?:for this |for the \w+ |of the \w+ |here )?(?:is|was|were|are|of)",
    r"(?:because|due to the|as a result of|in accordance with|in line with|under (?:the|section))",
    r"i can (?:now )?(?:confirm|advise)",
    r"(?:was|were|has been|have been|had been) (?!received|logged|passed|allocated|forwarded)\w{2,}(?:ed|en|wn|ght|elt|ept|ost|nt)",
    r"attach(?:ed)?",
    r"(?:costs?|charged?|priced?) (?:at |of )?£",
)
_NOT_ANSWERED = _any(
    r"been (?:logged|passed|forwarded|received|allocated|assigned|registered|recorded|referred|sent (?:on )?to|raised with|"
    r"acknowledged|transferred|redirected|escalated|added)",
    r"(?:was|is|are|were) (?:received|logged)",
)
_NOT_YET = _any(
    r"not yet",
    r"(?:has|have|had|was|were|is|are) (?:not|n't) (?:yet )?been",
    r"(?:has|have|was|were)n't (?:yet )?been",
    r"yet to",
    r"still (?:to be|waiting|awaiting|outstanding)",
    r"(?:will|would|should|shall|can|could|may|might|must|to|going to|due to|'ll) (?:then |also |now |only )?be",
    r"once",
    r"until",
    r"before (?:it|this|the|we|i) (?:can|is|are)",
    r"if",
    r"as soon as",
    r"when (?:it|this|the|they|we)",
    r"unless",
)
_CASE = (
    r"(?:case|enquiry|inquiry|query|matter|job|order|request|report|ticket|complaint|issue|record|service request|"
    r"investigation|file|referral|this|it|log)"
)
_CLOSURE = _any(
    rf"{_CASE}(?: number)?(?: [\w/-]*\d[\w/-]*)?(?: is| are| was| has| have)?(?: now| therefore| also| been| being| as| fully)* "
    r"(?:closed|concluded|resolved|complete|completed|signed off|finalised)",
    rf"(?:clos(?:e|ed|ing)|conclud(?:e|ed|ing)|sign(?:ed|ing)? off|resolved) (?:off )?(?:the|this|your|our|my|that|down this) (?:\w+ )?{_CASE}",
    r"clos(?:ed|ing) (?:\w+ )?(?:off|down|this|it)",
    r"no further action",
    r"nothing further (?:to add|we can do|i can do|for us to do)",
    r"(?:works?|repairs?|jobs?|everything) (?:is|are|has been|have been|was|were)? ?now (?:all )?(?:fully )?complete(?:d)?",
    r"now (?:been )?(?:fully )?(?:resolved|completed?|closed)",
    r"consider(?:ed)? (?:this|the|that|it) (?:\w+ )?(?:\w+ )?(?:to be )?(?:closed|resolved|concluded|complete)",
    r"(?:has|have|was|were) (?:now |since )?(?:been )?(?:fully |successfully )?resolved",
    r"bring(?:s)? (?:this|the) matter to a close",
)
_CLOSURE_OF_PLACE = _any(
    r"(?:road|street|lane|footpath|path|bridge|centre|library|office|park|toilets?|site|playground|pool|school|gate|line|"
    r"application window|list|scheme)s? (?:is|are|was|were|has been|have been|will be|remains?) (?:now |currently )?closed",
)

_FUTURE = _any(
    r"will", r"shall", r"'ll", r"hope(?:s|d)? to", r"aim(?:s|ing)? to", r"expect(?:s|ed)?", r"should", r"anticipate[sd]?",
    r"intend(?:s|ed)?", r"plan(?:s|ned)?(?: to| for)?", r"due", r"(?:pre)?scheduled", r"(?:re)?programmed", r"going to",
    r"booked", r"target", r"estimated", r"would be able", r"looking to", r"back to you", r"arranged (?:for|to)",
    r"pencilled", r"to be (?:carried|completed|done|inspected)", r"allow", r"can", r"propose", r"update(?: to)? follow",
    r"(?:am|is|are|we're|i'm) (?:\w+ )?(?:visiting|inspecting|attending|meeting|returning|starting|going|getting|sending|out)",
    r"promised?", r"agreed to", r"(?:respond|reply|response|update|answer|visit|inspection)(?: \w+){0,2} (?:by|within|before|due)",
)  # fmt: skip
_NO_PROMISE = _any(
    r"valid",
    r"expir",
    r"runs? (?:out|until|to)",
    r"lasts?",
    r"financial year",
    r"ends?",
    r"appeal",
    r"deadline",
    r"review within",
    r"closing date",
    r"closes (?:on|at)",
    r"open (?:until|from|to)",
    r"prohibit",
    r"eligible",
    r"consultation",
)
_PAST_DATE_WORDS = _any(
    r"since", r"received (?:on|your)", r"your (?:e-?mail|letter|enquiry|message|request) (?:of|dated|from)"
)

_WAITING = _any(
    r"(?:a)?waiting (?:on|for|a|an|the|confirmation|further|to hear|information|details|their|her|his|feedback|approval|parts|results)",
    r"(?:am|are|is|currently|still|i'm|we're) (?:\w+ )?awaiting",
    r"(?:still )?(?:under|subject to) (?:investigation|review|consideration)",
    r"still (?:investigating|looking into|working on|gathering|considering|reviewing|to hear|chasing|trying)",
    r"(?:holding|interim) (?:reply|response|note|message|update)",
    r"(?:need|require|requires|taking|take|taken|asking for|ask for|request(?:ing)?) (?:a (?:little|bit) )?(?:some )?(?:more|longer|additional|further) (?:time|than)",
    r"(?:a bit|little|somewhat|much) (?:longer|more time)",
    r"(?:apologi[sz]e|apologies|sorry) (?:for|about|that) (?:the|this|any|our|my|it|we|i) (?:\w+ ){0,5}(?:delay|taking|yet|not been able)",
    r"(?:not|n't|un) ?(?:yet )?(?:been )?able to (?:give|provide|send|respond|reply|answer|confirm|say|complete)",
    r"(?:can(?:not|'t)) (?:yet )?(?:give|provide|confirm|respond|say|answer)",
    r"(?:have|has)(?:n't| not) (?:yet )?(?:received|heard|had (?:a|any)|been able|completed|finished|got)",
    r"in the meantime",
    r"(?:parts?|materials?|replacements?|units?) (?:is|are|has been|have been|being) (?:on order|ordered|sourced)",
    r"(?:is|are) (?:currently |now |still )?with (?:our|the) (?:\w+ )?(?:legal|team|solicitors?|contractor|engineer|insurers?|manager|director)",
    r"chas(?:ed|ing) (?:\w+ ){1,6}for (?:a |an |their )?(?:\w+ )?(?:response|reply|update|answer|information|comments)",
    r"full(?:er)? (?:response|reply|answer) (?:will|to follow|should|shortly|once|as soon)",
    r"(?:respond|reply|write|come back|answer)(?: to you)? (?:more )?(?:in full|fully)",
    r"once (?:i|we|they|the|this|it) (?:have|has|had|is|are|hear|receive|get|'ve|know)",
    r"as soon as (?:i|we|they|the|this) (?:have|has|hear|receive|get|know)",
    r"until (?:i|we|they|the) (?:have|has|hear|receive|know)",
    r"update (?:you|him|her|them)(?: again| further)? (?:once|when|after|following|as soon)",
)

_REQUEST = _any(
    r"(?:could|can|would|will) (?:you|the resident|the councillor|he|she|they|your constituent)(?: please| kindly| possibly| also)? "
    r"(?:provide|confirm|send|let (?:me|us) (?:know|have)|tell|advise|clarify|supply|give|forward|share|specify|check|ask|find out|"
    r"describe|be more specific|obtain|get|say|explain|complete|sign|e-?mail|upload|attach)",
    r"(?:please|pls|kindly)(?: can you| could you| would you| also| ask (?:the|your|him|her|them)(?: \w+)? to)? "
    r"(?:provide|confirm|clarify|specify|supply|send (?:me|us|over|through)|give (?:me|us)|tell (?:me|us)|advise (?:me|us|which|what|where|if|whether|when)|"
    r"let (?:me|us) (?:know|have) (?:the|which|what|where|whether|if (?:the|he|she|they|it|this|there|your)|when|who|how|exactly|their|his|her|your)|"
    r"forward|share|describe)",
    r"(?:please|pls|kindly) (?:advise|let (?:me|us) know|confirm)",
    r"(?:would|it'd|will) (?:really |also )?help (?:me |us )?(?:to know|if|to have)",
    r"(?:grateful|appreciate it|helpful|useful|obliged) if (?:you|the resident|they|he|she)(?: could| would| can)",
    r"(?:i|we)(?: do| will|'ll)?(?: just)? (?:also )?(?:need|require)(?: to (?:know|have|confirm|see|establish))? (?:\w+ ){0,6}?"
    r"(?:address|postcode|details|name|number|consent|photo\w*|location|dates?|evidence|proof|form|information from|registration|"
    r"from you|to know)",
    r"(?:do|did|does|are|is|have|has|was|were|can|could|would|will) (?:you|the resident|your constituent|the constituent|the customer|"
    r"he|she|they|it|this|there|mr|mrs|ms|miss|i|we)\b[^.]*\?",
    r"(?:which|what|where|who|whose|how (?:many|long|often|much))\b[^.]*\?",
    r"(?:what|which) (?:is|are|was|were) (?:the|their|his|her|your) (?:\w+ ){0,3}(?:address|postcode|name|number|location|date)",
    r"(?:any|some) (?:more|further|additional) (?:details|information)[^.]*\?",
    r"(?:without|before we can proceed|in order to proceed|to (?:help|assist|enable|allow) us)[^.]* (?:need|require|please|could you)",
)
_COURTESY = _any(
    r"any (?:further |other |more |additional )?(?:quest\w+|quer\w+|concerns?|assistance|help|problems|information please)",
    r"(?:anything|something) (?:else|further|more)",
    r"hesitate",
    r"(?:further|more) (?:help|assistance|information)(?:,| please| then| do|\?|$)",
    r"(?:can|could|would|will) you (?:please )?(?:thank|pass (?:on )?(?:my|our|this|the)|let (?:the resident|him|her|them|your|mr|mrs)|inform|"
    r"tell (?:the|him|her|them|your)|advise (?:the|him|her|them|your|mr)|apologise|convey|bear with)",
    r"please (?:pass|convey|thank|accept|let (?:the resident|him|her|them|your|mr|mrs)|inform|tell (?:him|her|them|the|your)|"
    r"advise (?:the resident|him|her|them|your|mr|mrs)|forward (?:my|our|this|the (?:attached|information|response|reply))|share (?:this|the|my))",
    r"let (?:me|us) know if (?:you|that|this|i|we)",
    r"if (?:this|that) (?:is|does|helps|answers)",
    r"confirm (?:receipt|that i (?:have|am)|that we)",
    r"if you (?:need|require|have|would like|want|wish|could bear)",
    r"(?:you|resident|constituent|she|he|they) (?:also )?(?:asked|asks|queried|wanted to know|enquired|raised)",
    r"(?:to|i|we) (?:can |am able to |would |will )?(?:please )?(?:be able to )?confirm that",
)

_NOT_OURS = _any(
    r"(?:is|are|was|were|falls?)(?:n't| not)(?: \w+){0,4} (?:our|the council's|this council's|this team's|my|this department's|district|borough) "
    r"(?:\w+ )?(?:responsibility|remit|department|area|service|land|road|asset|property|function|jurisdiction)",
    r"not (?:something|a matter|an area|one|a service|a road|a function)(?: that| which)?(?: \w+){0,4} (?:we|i|council|team|for us|for this|for me|for the|deal|responsible|handle)",
    r"not (?:the )?responsib(?:le|ility)",
    r"(?:outside|beyond|not within|does not fall (?:within|under)|doesn't fall (?:within|under)|not part of|not in) (?:of )?(?:the |our |my |this )?"
    r"(?:\w+ )?(?:remit|responsibilit(?:y|ies)|area|jurisdiction|control|boundary|scope|powers)",
    r"(?:is|are|lies?|falls?|rests?|remains?|would be|being)(?: \w+){0,3} (?:the )?responsibility of",
    r"(?:responsibility|responsible)(?: \w+){0,4} (?:lies|rests|falls|sits|is) (?:with|to|under)",
    r"(?:lies|rests|falls|sits) with (?:the )?(?:\w+ ){0,4}(?:council|team|department|agency|authority|association|police|landlord|owner|water|highways|nhs|service)",
    r"(?:is|are|would be) (?:a matter|one|something) for (?:the )?(?!you|discussion|concern)",
    r"(?:wrong|incorrect) (?:team|department|service|officer|mailbox|council|authority|person)",
    r"(?:maintained|managed|owned|operated|run|dealt with|handled|looked after|covered|administered|adopted) by (?:the )?"
    r"(?:\w+ ){0,4}(?:county|highways?|national|housing association|association|utilities|trust|police|nhs|agency|council|company|"
    r"landlord|developer|homes|housing|network rail|department|team|authority|parish|planning|licensing)",
    r"(?:should|needs? to|must|ought to|can|is best|are best|would be better) (?:\w+ )?be (?:directed|addressed|sent|referred|reported|raised|made|redirected|best directed)"
    r"(?: directly| instead)? (?:to|with)",
    r"(?:re)?direct (?:this|your|the) (?:\w+ )?(?:to|towards)",
    r"(?:you|resident|they|she|he|constituent)(?: will| would|'ll)? (?:need|needs|have|has|should|ought)(?: to)? (?:contact|approach|report (?:this|it) to|write to|speak to|get in touch with|apply to|raise this with|take this up with)",
)
_PASSED_ON = _any(
    r"(?:passed|forwarded|referred|transferred|redirected|re-?routed|reassigned|re-?assigned|sent|copied|handed|escalated)"
    r"(?: this| it| your \w+| the \w+| them| over| on| across| details| back)*(?: matter| enquiry| query| case| request| email| e-mail)?(?: on| over| across)? (?:to|onto) ",
    r"(?:passing|forwarding|referring|transferring|redirecting|sending|handing)(?: this| it| your \w+| the \w+| them)*(?: matter| enquiry| query| case)?(?: on| over| across)? (?:to|onto) ",
    r"copied in (?:my colleague|the|our|\w+ (?:from|at|in|who))",
    r"(?:i am|i'm|i have|i've) (?:copying|copied)(?: in)?",
)
_PASSED_WHAT = _any(
    r"(?:your|the|their|his|her) (?:thanks|compliments?|comments|kind words|feedback|apolog\w+)",
    r"(?:letter|notice|e-?mail|form|cheque|payment|invoice|leaflet|card|pack|copy|reminder|warning) (?:has been |have been |was |were )?(?:sent|forwarded|passed)",
    r"(?:sent|forwarded|written|issued) (?:a|an|the|them|him|her) (?:\w+ )?(?:letter|notice|e-?mail|form|cheque|payment|reminder|warning|card|refund|replacement)",
    r"sent to (?:the |your )?(?:resident|constituent|tenant|applicant|customer|occupier|owner|landlord|him|her|them|all|you)",
    r"(?:forwarded|sent) to you",
    r"sent (?:a|an|the|our|out) (?:\w+ ){0,2}(?:crew|team|officer|engineer|contractor|operative|inspector)",
)
_INSIDE = _any(
    r"(?:the |a |our |my )?(?:relevant|appropriate|correct|right|responsible|concerned|duty|case|area|local|investigating|allocated) "
    r"(?:\w+ )?(?:officers?|teams?|department|person|people|colleagues?|inspectors?|managers?|section|service)",
    r"(?:my|a|our|his|her) (?:\w+ )?(?:colleagues?|officers?|inspectors?|team|manager|supervisor|engineers?|assistant)",
    r"(?:an|the|one of our) (?:officer|inspector|engineer|contractor|contractors)",
)
_CONTACT = _any(
    r"(?:please|pls|kindly|can you|could you|advise(?:d)? (?:\w+ )?to|need to|best to|suggest (?:\w+ )?(?:you )?)(?: \w+)? ?"
    r"(?:contact|e-?mail|write to|speak to|get in touch with|report (?:this|it) (?:directly )?(?:to|via))"
    r" (?:the |their |our )?(?!me\b|us\b|you\b|him\b|her\b|myself|the undersigned|with any)",
)
_CONDITION = re.compile(
    r"^(?:if|should|for|in the event|please do not|do not|don't|when)\b|\b(?:if|should) (?:you|they|he|she|there|the problem|it)\b"
)

_THANKS = _any(
    r"thank you for (?:your|the|contacting|getting|raising|letting|bringing|this|forwarding|passing|sending|writing|reporting)",
    r"thanks for (?:your|the|this|getting|raising|letting|contacting|bringing|forwarding|passing|sending|flagging|reporting)",
    r"(?:i |we )?(?:acknowledge|confirm) (?:receipt|safe receipt)",
    r"(?:have|has|been) (?:now )?(?:received|logged|recorded|allocated|assigned|registered|picked (?:this |it )?up)",
    r"(?:i|we)(?:'ll| will| shall|'m going to| am going to)? (?:now |also |have )?(?:look(?:ing)? into|investigate|pick (?:this|it) up|make enquiries|"
    r"find out|check (?:on )?(?:this|it|with)|look at|get (?:this|it) (?:looked|checked|sorted)|take (?:this|it) (?:up|forward)|be in touch|get back|"
    r"come back|respond|reply|ask|arrange|raise|speak|follow (?:this|it) up|chase|see what|deal with|review)",
    r"(?:has|have|been|was) (?:asked|passed|forwarded|allocated|assigned|logged)",
    r"(?:will|'ll) (?:check|speak|look|chase|ask|report back|get on to|let you know|keep you)",
    r"report back",
    r"keep you (?:posted|updated|informed|in the loop)",
    r"receiving (?:our |my )?attention",
    r"leave (?:it|this) with (?:me|us)",
    r"(?:noted|received|on it|will do|looking into (?:this|it)|logged)[.,!]?$",
    r"bear with (?:me|us)",
    r"diolch am (?:eich|y|gysylltu)",
    r"(?:is|are|being) (?:being )?(?:looked (?:at|into)|dealt with|investigated|processed|handled)",
    r"will be (?:looked (?:at|into)|dealt with|investigated|in touch|processed|handled|assigned|allocated)",
)

_AWAY = _any(
    r"(?:i am|i'm|i will be|i'll be|currently|am) (?:now |currently |away |on |out )*(?:out of (?:the )?office|annual leave|on leave|"
    r"maternity leave|sick leave|leave|away from (?:the office|my desk|work)|not in the office)",
    r"(?:allan|i ffwrdd) o('r| ?r)? ?swyddfa|ar wyliau|ddim yn y swyddfa|nid (?:wyf|ydw i) yn y swyddfa",
)
_RETURN = _any(
    r"return(?:s|ing)?", r"back", r"until", r"till", r"again on", r"available (?:from|again|on)", r"resume", r"dychwelyd",
    r"yn ôl", r"nôl", r"hyd", r"tan", r"to", r"from",
)  # fmt: skip
_CHASING = _any(
    r"any (?:further )?(?:news|update|progress|response|reply)", r"(?:still|not) (?:waiting|heard|received|had)",
    r"(?:have|has|had)(?:n't| not| yet)(?: yet| had| been| heard| received)", r"heard (?:nothing|anything|back)", r"chas(?:e|ing)",
    r"follow(?:ing)?[- ]?up", r"when (?:will|can|is|are)", r"what(?:'s| is) happening", r"where (?:are|is) (?:we|this|it|things)",
    r"reminder", r"over (?:a|two|three|four|\d+) (?:weeks?|months?) (?:ago|since|now)", r"no (?:reply|response|answer|news)",
    r"(?:please )?(?:could|can) (?:you|i|we) (?:\w+ )?(?:have|get|give|provide|let)[^.]*update", r"latest (?:on|position|update)",
    r"how (?:is|are) (?:this|things|it) (?:going|progressing|coming)", r"nothing has (?:happened|been done|changed)",
)  # fmt: skip


def says_done(sentence: Sentence) -> bool:
    """Whether it tells of something done or found, and does not put it off."""
    text = sentence.plain
    if not _PAST_ACTION.search(text) or _only_handed_on(text):
        return False
    return not _put_off(text)


def _put_off(text: str) -> bool:
    """Whether what is told as done lies behind a condition or in the future throughout the sentence."""
    found = _NOT_YET.search(text)
    if found is None:
        return False
    before = _PAST_ACTION.search(text[: found.start()])
    return before is None or found.start() < 12


def _only_handed_on(text: str) -> bool:
    rest = _NOT_ANSWERED.sub(" ", text)
    return rest != text and not _PAST_ACTION.search(rest)


def says_fact(sentence: Sentence) -> bool:
    """Whether it states how things are: a rule, a reason, a decision."""
    return bool(_FACT.search(_NOT_ANSWERED.sub(" ", sentence.plain))) and not sentence.plain.endswith("?")


def says_closed(sentence: Sentence) -> bool:
    """Whether it says that the case is over, now and without condition; a closed road is no closed case."""
    text = sentence.plain
    if not (found := _CLOSURE.search(text)) or _CLOSURE_OF_PLACE.search(text):
        return False
    held_back = _NOT_YET.search(text)
    return held_back is None or (
        held_back.start() > found.end() and not held_back.group().startswith(("if", "once", "when", "until"))
    )


def gives_no_promise(sentence: Sentence) -> bool:
    """Whether the days in it are the life of a permit, a time limit or the like, and nothing the council will do."""
    return bool(_NO_PROMISE.search(sentence.plain)) and not re.search(
        r"\b(?:we|i)(?: will|'ll| hope| expect)", sentence.plain
    )


def looks_ahead(sentence: Sentence) -> bool:
    """Whether it speaks of what is still to come."""
    return bool(_FUTURE.search(sentence.plain)) and not sentence.plain.endswith("?")


def is_waiting(sentence: Sentence) -> bool:
    """Whether it says that the answer is still to come, and why."""
    return bool(_WAITING.search(sentence.plain)) and not sentence.plain.endswith("?")


def asks(sentence: Sentence) -> bool:
    """Whether it asks us for something; courtesies and questions it merely repeats do not count."""
    text = sentence.plain
    if not _REQUEST.search(text) or _COURTESY.search(text):
        return False
    return not (text.endswith("?") and '"' in text)


def sends_elsewhere(sentence: Sentence) -> bool:
    """Whether it says that somebody else must answer."""
    text = sentence.plain
    if _NOT_OURS.search(text):
        return True
    return bool(_CONTACT.search(text)) and not _CONDITION.search(text)


def hands_on(sentence: Sentence) -> bool:
    """Whether it says that the matter went to another team or body by name."""
    return _handed(sentence.plain) and not _INSIDE.search(sentence.plain)


def hands_on_inside(sentence: Sentence) -> bool:
    """Whether it says that the matter went to a colleague or “the relevant team”: part of acknowledging it."""
    return _handed(sentence.plain) and bool(_INSIDE.search(sentence.plain))


def _handed(text: str) -> bool:
    return bool(_PASSED_ON.search(text)) and not _PASSED_WHAT.search(text)


def thanks_or_starts(sentence: Sentence) -> bool:
    """Whether it says only that the mail arrived or that somebody will look into it."""
    return bool(_THANKS.search(sentence.plain))


def is_away(sentence: Sentence) -> bool:
    """Whether it says that the writer is away."""
    return bool(_AWAY.search(sentence.plain))


def speaks_of_return(sentence: Sentence) -> bool:
    """Whether a date in it may be that of the return."""
    return bool(_RETURN.search(sentence.plain))


def chases(sentence: Sentence) -> bool:
    """Whether a resident or councillor asks how things stand."""
    return bool(_CHASING.search(sentence.plain))


def speaks_of_the_past(text: str) -> bool:
    """Whether a date in it is that of a mail or an event gone by."""
    return bool(_PAST_DATE_WORDS.search(text))
