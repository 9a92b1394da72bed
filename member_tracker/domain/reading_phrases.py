"""What officers, residents and councillors write: phrases, grouped by what they are a sign of."""

import re


def _any(*phrases: str) -> re.Pattern[str]:
    """One of the phrases, from the beginning of a word; the last word may go on."""
    return re.compile(r"\b(?:" + "|".join(phrases) + ")")


def _words(*phrases: str) -> re.Pattern[str]:
    """One of the phrases, as whole words."""
    return re.compile(r"\b(?:" + "|".join(phrases) + r")(?!\w)")


_DONE = (
    r"(?:re)?(?:paired|placed|instated|surfaced|painted|visited|inspected|programmed|connected|moved|funded|assessed|"
    r"checked|issued|opened|leased|housed|newed|viewed|started|set|swept|ordered|scheduled)|"
    r"fixed|mended|patched|filled|cleared|emptied|collected|cleaned|cleansed|gritted|salted|swept|jetted|unblocked|"
    r"cut|"
    r"trimmed|pruned|felled|planted|delivered|installed|erected|fitted|painted|treated|tested|assessed|measured|"
    r"surveyed|"
    r"attended|visited|investigated|examined|checked|found|identified|confirmed|determined|granted|refused|approved|"
    r"rejected|awarded|paid|refunded|credited|amended|corrected|updated|cancelled|withdrawn|served|prosecuted|fined|"
    r"warned|spoken|met|written|contacted|advised|explained|agreed|decided|arranged|carried out|undertaken|made safe|"
    r"dealt with|completed|finished|taken|given|changed|adjusted|switched|turned|upgraded|rectified|sorted|actioned|"
    r"removed|resolved|made|built|put|banded|licensed|registered on the housing|backdated|disposed|towed|secured|"
    r"boarded"
)
_WORK = (
    r"repairs?|works?|inspections?|visits?|survey|replacement|installation|collection|cleaning|clearance|assessment|"
    r"review|resurfacing|gritting|treatment"
)

PAST_ACTION = _words(
    rf"(?:has|have|had|was|were|'s|'ve) (?:now |also |already |since |both |all |just |recently |therefore |"
    rf"subsequently |"
    rf"fully |successfully |been |today |again |being )*(?:{_DONE})\b",
    rf"(?:i|we|he|she|they|officers?|crews?|team|inspector|engineers?|contractors?|wardens?|enforcement|"
    rf"operatives?|it|council|"
    rf"colleagues?|department|panel|committee|surveyor|\d{{4}})(?: and i)?(?: then| also| both| recently| duly|"
    rf" subsequently)? "
    rf"(?:{_DONE}|spoke|wrote|made|took|went|saw|sent|gave|rang|called|cut|put|swept|won|got to|did|issued|served|"
    rf"attended)\b",
    rf"(?:{_DONE}) (?:this morning|yesterday|today|earlier|last (?:night|week|month|\w+day))",
    r"no (?:defects?|faults?|breach|evidence|further problems?|record|issues?|problems?) (?:was |were |has been |"
    r"have been )?"
    r"(?:found|identified|seen|noted|of)",
)
FACT = _words(
    r"(?:do|does|did|is|are|was|were) not (?!yet|clear|sure|able to (?:give|respond|reply|confirm|say))",
    r"(?:is|are|was|were) (?:un)?(?:eligible|entitled|adopted|permitted|possible|allowed|exempt|available|due to)",
    r"there (?:is|are|was|were) (?:no|currently|already|not|a|an|two|three|four|\d+)",
    r"(?:unable|not able|not in a position) to (?!give|provide an update|respond|reply|confirm)",
    r"(?:cannot|can't|can not) (?!yet|confirm|give|respond|say)",
    r"(?:the )?(?:reason|cause|cost|fee|charge|policy|criteria|criterion|band|limit|balance|rate|decision|outcome|"
    r"result|position|"
    r"answer) (?:for this |for the \w+ |of the \w+ |here )?(?:is|was|were|are|of)",
    r"(?:because|due to the|as a result of|in accordance with|in line with|under (?:the|section))",
    r"i can (?:now )?(?:confirm|advise)",
    r"(?:was|were|has been|have been|had been) (?!received|logged|passed|allocated|forwarded)\w{2,}(?:ed|en|wn|ght|"
    r"elt|ept|ost|nt)",
    r"attach(?:ed)?",
    r"(?:costs?|charged?|priced?) (?:at |of )?£\d+",
)
NOT_ANSWERED = _words(
    r"been (?:logged|passed|forwarded|received|allocated|assigned|registered|recorded|referred|sent (?:on )?to|"
    r"raised with|"
    r"acknowledged|transferred|redirected|escalated|added)",
    r"(?:was|is|are|were) (?:received|logged)",
)
NOT_YET = _words(
    r"not yet",
    r"(?:expect|expects|expected|hope|hopes|aim|aims|intend|plan|plans|need|needs|due|going|likely|still|able) to",
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
CLOSURE = _words(
    rf"{_CASE}(?: number)?(?: [\w/-]*\d[\w/-]*)?(?: is| are| was| has| have)?(?: now| therefore| also| been| being|"
    rf" as| fully)* "
    r"(?:closed|concluded|resolved|complete|completed|signed off|finalised)",
    rf"(?:clos(?:e|ed|ing)|conclud(?:e|ed|ing)|sign(?:ed|ing)? off|resolved) (?:off )?(?:the|this|your|our|my|that|"
    rf"down this) (?:\w+ )?{_CASE}",
    r"clos(?:ed|ing) (?:\w+ )?(?:off|down|this|it)",
    r"no further action",
    r"nothing further (?:to add|we can do|i can do|for us to do)",
    r"(?:works?|repairs?|jobs?|everything) (?:is|are|has been|have been|was|"
    r"were)? ?now (?:all )?(?:fully )?complete(?:d)?",
    r"now (?:been )?(?:fully )?(?:resolved|completed?|closed)",
    r"consider(?:ed)? (?:this|the|that|it) (?:\w+ )?(?:\w+ )?(?:to be )?(?:closed|resolved|concluded|complete)",
    r"(?:has|have|was|were) (?:now |since )?(?:been )?(?:fully |successfully )?resolved",
    r"bring(?:s)? (?:this|the) matter to a close",
)
CLOSURE_OF_PLACE = _words(
    r"(?:road|street|lane|footpath|path|bridge|centre|library|office|park|toilets?|site|playground|pool|school|"
    r"gate|line|"
    r"application window|list|scheme)s? (?:is|are|was|were|has been|have been|will be|remains?) (?:now |"
    r"currently )?closed",
)

FUTURE = _words(
    r"will", r"shall", r"'ll", r"hope(?:s|d)? to", r"aim(?:s|ing)? to", r"expect(?:s|"
    r"ed)?", r"should", r"anticipate[sd]?",
    r"intend(?:s|ed)?", r"plan(?:s|ned)?(?: to|"
    r" for)?", r"due", r"(?:pre)?scheduled", r"(?:re)?programmed", r"going to",
    r"booked", r"target", r"estimated", r"would be able", r"looking to", r"back to you", r"arranged (?:for|to)",
    r"pencilled", r"to be (?:carried|completed|done|"
    r"inspected)", r"allow", r"can", r"propose", r"update(?: to)? follow",
    r"(?:am|is|are|we're|i'm) (?:\w+ )?(?:visiting|inspecting|attending|meeting|returning|starting|going|getting|"
    r"sending|out)",
    r"promised?", r"agreed to", r"(?:respond|reply|response|update|answer|visit|inspection)(?: \w+){0,2} (?:by|"
    r"within|before|due)",
)  # fmt: skip
NO_PROMISE = _words(
    r"valid",
    r"expir\w*",
    r"runs? (?:out|until|to)",
    r"lasts?",
    r"financial year",
    r"ends (?:on|in|at)",
    r"appeal",
    r"deadline",
    r"review within",
    r"closing date",
    r"closes (?:on|at)",
    r"open (?:until|from|to)",
    r"prohibit\w*",
    r"eligible",
    r"consultation",
)
STILL_TO_DO = _words(r"will", r"'ll", r"shall", r"hope to", r"aim to", r"going to", r"intend to")
WE_WILL = _words(r"(?:we|i)(?: will|'ll| hope| expect)")
PAST_DATE_WORDS = _words(
    r"since", r"received (?:on|your)", r"your (?:e-?mail|letter|enquiry|message|request) (?:of|dated|from)"
)

WAITING = _words(
    r"(?:investigations?|enquiries|works?|discussions?|talks|negotiations|review|checks?) (?:is|are) (?:still )?"
    r"(?:ongoing|continuing|in progress|in hand|under ?way)",
    r"(?:cannot|can't|unable to|not able to|will not|won't)(?: \w+){0,4} until",
    r"(?:usually |normally |generally |can |may )?takes? (?:around |about |up to |approximately |roughly )?"
    r"\w+(?: to \w+| ?- ?\w+)? (?:working )?(?:days|weeks|months)",
    r"(?:a)?waiting (?:on|for|a|an|the|confirmation|further|to hear|information|details|their|her|his|feedback|"
    r"approval|parts|results)",
    r"(?:am|are|is|currently|still|i'm|we're) (?:\w+ )?awaiting",
    r"(?:still )?(?:under|subject to) (?:investigation|review|consideration)",
    r"still (?:investigating|looking into|working on|gathering|considering|reviewing|to hear|chasing|trying)",
    r"(?:holding|interim) (?:reply|response|note|message|update)",
    r"(?:need|require|requires|taking|take|taken|asking for|ask for|request(?:ing)?) (?:a (?:little|"
    r"bit) )?(?:some )?(?:more|longer|additional|further) (?:time|than)",
    r"(?:a bit|little|somewhat|much) (?:longer|more time)",
    r"(?:apologi[sz]e|apologies|sorry) (?:for|about|that) (?:the|this|any|our|my|it|we|i) (?:\w+ ){0,5}(?:delay|"
    r"taking|yet|not been able)",
    r"(?:not|n't|un) ?(?:yet )?(?:been )?able to (?:give|provide|send|respond|reply|answer|confirm|say|complete)",
    r"(?:can(?:not|'t)) (?:yet )?(?:give|provide|confirm|respond|say|answer)",
    r"(?:have|has)(?:n't| not) (?:yet )?(?:received|heard|had (?:a|any)|been able|completed|finished|got)",
    r"in the meantime",
    r"(?:parts?|materials?|replacements?|units?) (?:is|are|has been|have been|being) (?:on order|ordered|sourced)",
    r"(?:is|are) (?:currently |now |still )?with (?:our|the) (?:\w+ )?(?:legal|team|solicitors?|contractor|"
    r"engineer|insurers?|manager|director)",
    r"chas(?:ed|ing) (?:\w+ ){1,6}for (?:a |an |their )?(?:\w+ )?(?:response|reply|update|answer|information|"
    r"comments)",
    r"full(?:er)? (?:response|reply|answer) (?:will|to follow|should|shortly|once|as soon)",
    r"(?:respond|reply|write|come back|answer)(?: to you)? (?:more )?(?:in full|fully)",
    r"once (?:i|we|they|the|this|it) (?:have|has|had|is|are|hear|receive|get|'ve|know)",
    r"as soon as (?:i|we|they|the|this|it)(?: \w+)? (?:have|has|hear|receive|get|know|is|are)",
    r"until (?:i|we|they|the) (?:have|has|hear|receive|know)",
    r"update (?:you|him|her|them)(?: again| further)? (?:once|when|after|following|as soon)",
)

REQUEST = _any(
    r"(?:could|can|would|will) (?:you|the resident|the councillor|he|she|they|your constituent)(?: please| kindly|"
    r" possibly| also)? "
    r"(?:provide|confirm|send|let (?:me|us) (?:know|have)|tell|advise|clarify|supply|give|forward|share|specify|"
    r"check|ask|find out|"
    r"describe|be more specific|obtain|get|say|explain|complete|sign|e-?mail|upload|attach)",
    r"(?:please|pls|kindly)(?: can you| could you| would you| also| ask (?:the|your|him|her|them)(?: \w+)? to)? "
    r"(?:provide|confirm|clarify|specify|supply|send (?:me|us|over|through)|give (?:me|us)|tell (?:me|us)|"
    r"advise (?:me|us|which|what|where|if|whether|when)|"
    r"let (?:me|us) (?:know|have) (?:the|which|what|where|whether|if (?:the|he|she|they|it|this|there|your)|when|"
    r"who|how|exactly|their|his|her|your)|"
    r"forward|share|describe)",
    r"(?:please|pls|kindly) (?:advise|let (?:me|us) know|confirm)",
    r"(?:would|it'd|will) (?:really |also )?help (?:me |us )?(?:to know|if|to have)",
    r"(?:grateful|appreciate it|helpful|useful|obliged) if (?:you|the resident|they|he|she)(?: could| would| can)",
    r"(?:i|we)(?: do| will|'ll)?(?: just)? (?:also )?(?:need|require)(?: to (?:know|have|confirm|see|"
    r"establish))? (?:\w+ ){0,6}?"
    r"(?:address|postcode|details|name|number|consent|photo\w*|location|dates?|evidence|proof|form|"
    r"information from|registration|"
    r"from you|to know)",
    r"(?:do|did|does|are|is|have|has|was|were|can|could|would|will) (?:you|the resident|your constituent|"
    r"the constituent|the customer|"
    r"he|she|they|it|this|there|mr|mrs|ms|miss|i|we)\b[^.]*\?",
    r"(?:which|what|where|who|whose|how (?:many|long|often|much))\b[^.]*\?",
    r"(?:what|which) (?:is|are|was|were) (?:the|their|his|her|your) (?:\w+ ){0,3}(?:address|postcode|name|number|"
    r"location|date)",
    r"(?:any|some) (?:more|further|additional) (?:details|information)[^.]*\?",
    r"(?:without|before we can proceed|in order to proceed|to (?:help|assist|enable|allow) us)[^.]* (?:need|"
    r"require|please|could you)",
)
COURTESY = _any(
    r"any (?:further |other |more |additional )?(?:quest\w+|quer\w+|concerns?|assistance|help|problems|"
    r"information please)",
    r"(?:anything|something) (?:else|further|more)",
    r"hesitate",
    r"(?:further|more) (?:help|assistance|information)(?:,| please| then| do|\?|$)",
    r"(?:can|could|would|will) you (?:please )?(?:thank|pass (?:on )?(?:my|our|this|the)|let (?:the resident|him|"
    r"her|them|your|mr|mrs)|inform|"
    r"tell (?:the|him|her|them|your)|advise (?:the|him|her|them|your|mr)|apologise|convey|bear with)",
    r"please (?:pass|convey|thank|accept|let (?:the resident|him|her|them|your|mr|mrs)|inform|tell (?:him|her|them|"
    r"the|your)|"
    r"advise (?:the resident|him|her|them|your|mr|mrs)|forward (?:my|our|this|the (?:attached|information|response|"
    r"reply))|share (?:this|the|my))",
    r"let (?:me|us) know if (?:you|that|this|i|we)",
    r"if (?:this|that) (?:is|does|helps|answers)",
    r"confirm (?:receipt|that i (?:have|am)|that we)",
    r"if you (?:need|require|have|would like|want|wish|could bear)",
    r"(?:you|resident|constituent|she|he|they) (?:also )?(?:asked|asks|queried|wanted to know|enquired|raised)",
    r"(?:to|i|we) (?:can |am able to |would |will )?(?:please )?(?:be able to )?confirm that",
)

NOT_OURS = _any(
    r"not (?:ours|one of ours|one for us|ours to)\b",
    r"(?:this|that|it)(?:'s| is| one is| would be| one's) (?:one )?for (?:the )?(?!you|me\b|us\b|a\b|an\b|"
    r"information|your|that reason|this reason)\w+ (?:at|in|team|department|council|services?|to)\b",
    r"belongs to (?:the )?(?:\w+ ){0,3}(?:homes|housing|association|council|trust|authority|agency|police|company|"
    r"rail|"
    r"utilities|church|parish|county|developer)",
    r"(?:they|who|which|company|association|council|landlord|agents?|agency) (?:is|are) responsible",
    r"(?:best|better) placed to (?:advise|help|assist|answer|deal|respond)",
    r"(?:cannot|can't|unable to|not able to) (?:help|assist|deal)(?: you)? with (?:this|that|these)",
    r"(?:is|are|was|were|falls?)(?:n't| not)(?: \w+){0,4} (?:our|the council's|this council's|this team's|my|"
    r"this department's|district|borough) "
    r"(?:\w+ )?(?:responsibility|remit|department|area|service|land|road|asset|property|function|jurisdiction)",
    r"not (?:something|a matter|an area|one|a service|a road|a function)(?: that| which)?(?: \w+){0,4} (?:we|i|"
    r"council|team|for us|for this|for me|for the|deal|responsible|handle)",
    r"not (?:the )?responsib(?:le|ility)",
    r"(?:outside|beyond|not within|does not fall (?:within|under)|doesn't fall (?:within|under)|not part of|"
    r"not in) (?:of )?(?:the |our |my |this )?"
    r"(?:\w+ )?(?:remit|responsibilit(?:y|ies)|area|jurisdiction|control|boundary|scope|powers)",
    r"(?:is|are|lies?|falls?|rests?|remains?|would be|being)(?: \w+){0,3} (?:the )?responsibility of",
    r"(?:responsibility|responsible)(?: \w+){0,4} (?:lies|rests|falls|sits|is) (?:with|to|under)",
    r"(?:lies|rests|falls|sits) with (?:the )?(?:\w+ ){0,4}(?:council|team|department|agency|authority|association|"
    r"police|landlord|owner|water|highways|nhs|service)",
    r"(?:is|are|would be) (?:a matter|one|something) for (?:the )?(?!you|discussion|concern)",
    r"(?:wrong|incorrect) (?:team|department|service|officer|mailbox|council|authority|person)",
    r"(?:maintained|managed|owned|operated|run|dealt with|handled|looked after|covered|administered|"
    r"adopted) by (?:the )?"
    r"(?:\w+ ){0,4}(?:county|highways?|national|housing association|association|utilities|trust|police|nhs|agency|"
    r"council|company|"
    r"landlord|developer|homes|housing|network rail|department|team|authority|parish|planning|licensing)",
    r"(?:should|needs? to|must|ought to|can|is best|are best|would be better) (?:\w+ )?be (?:directed|addressed|"
    r"sent|referred|reported|raised|made|redirected|best directed)"
    r"(?: directly| instead)? (?:to|with)",
    r"(?:re)?direct (?:this|your|the) (?:\w+ )?(?:to|towards)",
    r"(?:you|resident|they|she|he|constituent)(?: will| would|'ll)? (?:need|needs|have|has|should|"
    r"ought)(?: to)? (?:contact|approach|report (?:this|it) to|write to|speak to|get in touch with|apply to|"
    r"raise this with|take this up with)",
)
PASSED_ON = _any(
    r"(?:passed|forwarded|referred|transferred|redirected|re-?routed|reassigned|re-?assigned|sent|copied|handed|"
    r"escalated)"
    r"(?: this| it| your \w+| the \w+| them| over| on| across| details| back)*(?: matter| enquiry| query| case|"
    r" request| email| e-mail)?(?: on| over| across)? (?:to|onto) ",
    r"(?:passing|forwarding|referring|transferring|redirecting|sending|handing)(?: this| it| your \w+| the \w+|"
    r" them)*(?: matter| enquiry| query| case)?(?: on| over| across)? (?:to|onto) ",
    r"copied in (?:my colleague|the|our|\w+ (?:from|at|in|who))",
    r"(?:i am|i'm|i have|i've) (?:copying|copied)(?: in)?",
)
PASSED_WHAT = _words(
    r"(?:your|the|their|his|her) (?:thanks|compliments?|comments|kind words|feedback|apolog\w+)",
    r"(?:letter|notice|e-?mail|form|cheque|payment|invoice|leaflet|card|pack|copy|reminder|warning) (?:has been |"
    r"have been |was |were )?(?:sent|forwarded|passed)",
    r"(?:sent|forwarded|written|issued) (?:a|an|the|them|him|her) (?:\w+ )?(?:letter|notice|e-?mail|form|cheque|"
    r"payment|reminder|warning|card|refund|replacement)",
    r"sent to (?:the |your )?(?:resident|constituent|tenant|applicant|customer|occupier|owner|landlord|him|her|"
    r"them|all|you)",
    r"(?:forwarded|sent) to you",
    r"sent (?:a|an|the|our|out) (?:\w+ ){0,2}(?:crew|team|officer|engineer|contractor|operative|inspector)",
)
INSIDE = _words(
    r"(?:the |a |our |my )?(?:relevant|appropriate|correct|right|responsible|concerned|duty|case|area|local|"
    r"investigating|allocated) "
    r"(?:\w+ )?(?:officers?|teams?|department|person|people|colleagues?|inspectors?|managers?|section|service)",
    r"(?:my|a|our|his|her) (?:\w+ )?(?:colleagues?|officers?|inspectors?|team|manager|supervisor|engineers?|"
    r"assistant)",
    r"(?:an|the|one of our) (?:officer|inspector|engineer|contractor|contractors)",
)
CONTACT = _any(
    r"(?:please|pls|kindly|can you|could you|advise(?:d)? (?:\w+ )?to|need to|best to|"
    r"suggest (?:\w+ )?(?:you )?)(?: \w+)? ?"
    r"(?:contact|e-?mail|write to|speak to|get in touch with|report (?:this|it) (?:directly )?(?:to|via))"
    r" (?:the |their |our )?(?!me\b|us\b|you\b|him\b|her\b|myself|the undersigned|with any)",
)
CONDITION = re.compile(
    r"^(?:if|should|for|in the event|please do not|do not|don't|when)\b|\b(?:if|should) (?:you|they|he|she|there|"
    r"the problem|it)\b"
)

THANKS = _words(
    r"thank you for (?:your|the|contacting|getting|raising|letting|bringing|this|forwarding|passing|sending|"
    r"writing|reporting)",
    r"thanks for (?:your|the|this|getting|raising|letting|contacting|bringing|forwarding|passing|sending|flagging|"
    r"reporting)",
    r"(?:i |we )?(?:acknowledge|confirm) (?:receipt|safe receipt)",
    r"(?:have|has|been) (?:now )?(?:received|logged|recorded|allocated|assigned|registered|picked (?:this |it )?up)",
    r"(?:i|we)(?:'ll| will| shall|'m going to| am going to)? (?:now |also |have )?(?:look(?:ing)? into|investigate|"
    r"pick (?:this|it) up|make enquiries|"
    r"find out|check (?:on )?(?:this|it|with)|look at|get (?:this|it) (?:looked|checked|sorted)|take (?:this|"
    r"it) (?:up|forward)|be in touch|get back|"
    r"come back|respond|reply|ask|arrange|raise|speak|follow (?:this|it) up|chase|see what|deal with|review)",
    r"(?:has|have|been|was) (?:asked|passed|forwarded|allocated|assigned|logged)",
    r"(?:will|'ll) (?:check|speak|look|chase|ask|report back|get on to|let you know|keep you)",
    r"report back",
    r"keep you (?:posted|updated|informed|in the loop)",
    r"receiving (?:our |my )?attention",
    r"leave (?:it|this) with (?:me|us)",
    r"(?:have|had) (?:a )?(?:word|look|"
    r"chat)",
    r"got this(?: one)?",
    r"take a look",
    r"(?:noted|received|on it|will do|looking into (?:this|it)|logged)[.,!]?$",
    r"bear with (?:me|us)",
    r"diolch am (?:eich|y|gysylltu)",
    r"(?:is|are|being) (?:being )?(?:looked (?:at|into)|dealt with|investigated|processed|handled)",
    r"will be (?:looked (?:at|into)|dealt with|investigated|in touch|processed|handled|assigned|allocated)",
)

AWAY = _words(
    r"(?:is|are|am|being) (?:currently |now )?(?:on|off on|away on) (?:annual |sick |maternity |paternity )?leave",
    r"(?:i am|i'm|i will be|i'll be|currently|am) (?:now |currently |away |on |out )*(?:out of (?:the )?office|"
    r"annual leave|on leave|"
    r"maternity leave|sick leave|leave|away from (?:the office|my desk|work)|not in the office)",
    r"(?:allan|i ffwrdd) o('r| ?r)? ?swyddfa|ar wyliau|ddim yn y swyddfa|nid (?:wyf|ydw i) yn y swyddfa",
)
RETURN = _words(
    r"return(?:s|ing)?", r"back", r"until", r"till", r"again on", r"available (?:from|again|"
    r"on)", r"resume", r"dychwelyd",
    r"yn ôl", r"nôl", r"hyd", r"tan", r"to", r"from",
)  # fmt: skip
CHASING = _words(
    r"any (?:further )?(?:news|update|progress|response|reply)", r"(?:still|not) (?:waiting|heard|received|had)",
    r"(?:have|has|had)(?:n't| not| yet)(?: yet| had| been| heard| received)", r"heard (?:nothing|anything|"
    r"back)", r"chas(?:e|ing)",
    r"follow(?:ing)?[- ]?up", r"when (?:will|can|is|are)", r"what(?:'s| is) happening", r"where (?:are|is) (?:we|"
    r"this|it|things)",
    r"reminder", r"over (?:a|two|three|four|\d+) (?:weeks?|months?) (?:ago|since|now)", r"no (?:reply|response|"
    r"answer|news)",
    r"(?:please )?(?:could|can) (?:you|i|we) (?:\w+ )?(?:have|get|give|provide|let)[^.]*update", r"latest (?:on|"
    r"position|update)",
    r"how (?:is|are) (?:this|things|it) (?:going|progressing|coming)", r"nothing has (?:happened|been done|changed)",
)  # fmt: skip
