r"""What officers, residents and councillors write: phrases, grouped by what they are a sign of.

One phrase a line, in lower case with straight quotation marks. `(a|b)` is a choice, `(a )?` may be left out, `\w+` is
any word, and <done>, <case> and the like stand for the lists of words below; a line set in goes on with the one above.
A phrase is found only as whole words.
"""

import re

_LISTS = {
    "done": """
        repaired|replaced|reinstated|resurfaced|repainted|painted|replastered|relined|reprogrammed|reconnected|reset
        removed|refunded|reassessed|rechecked|reissued|reopened|released|rehoused|renewed|reviewed|restarted|restored
        fixed|mended|patched|filled|refilled|cleared|emptied|collected|cleaned|cleansed|gritted|salted|swept|jetted
        unblocked|cut|trimmed|pruned|felled|planted|delivered|installed|erected|fitted|treated|tested|assessed|measured
        surveyed|inspected|attended|visited|investigated|examined|checked|found|identified|confirmed|determined|granted
        refused|approved|rejected|awarded|paid|credited|amended|corrected|updated|cancelled|withdrawn|served|prosecuted
        fined|warned|spoken|met|written|contacted|advised|explained|agreed|decided|arranged|carried out|undertaken
        made safe|dealt with|completed|finished|taken|given|changed|adjusted|switched|turned|upgraded|rectified|sorted
        actioned|resolved|made|built|put|banded|licensed|backdated|disposed|towed|secured|boarded|issued|moved|opened
        upheld|reinstated|suspended|straightened|erased|supplied|offered|stopped|ordered|scheduled|programmed""",
    "case": """
        case|enquiry|inquiry|query|matter|job|order|request|report|ticket|complaint|issue|record|service request
        investigation|file|referral|this|it|log""",
    "body": """
        council|county|borough|district|parish|department|team|authority|agency|association|homes|housing|trust|police
        nhs|utilities|water|highways?|company|landlord|developer|owner|network rail|rail|church|planning|licensing
        health|service|services|citizens advice|ombudsman""",
    "work": """
        repairs?|works?|inspections?|visits?|surveys?|replacement|installation|investigations?|enquiries|discussions?
        talks|negotiations|review|checks?|assessment|resurfacing""",
    "who": "you|the resident|the councillor|he|she|they|your constituent|the constituent|the tenant|the applicant",
    "wanted": """
        address|postcode|details|name|number|consent|permission|authority|authorisation|signature|agreement|photo\\w*
        location|dates?|evidence|proof|form|information from|registration|reference|copy|account|diary|map|plan|size
        make and model|from you|to know""",
}


def _phrases(text: str) -> re.Pattern[str]:
    """One of the phrases, as whole words."""
    pattern = _choice(text.replace("\n        ", ""))
    for name, words in _LISTS.items():
        pattern = pattern.replace(f"<{name}>", f"({_by_first_letter(words)})")
    return re.compile(r"\b(?:" + re.sub(r"\((?!\?)", "(?:", pattern) + r")(?!\w)")


def _choice(words: str) -> str:
    return "|".join(line.strip() for line in words.splitlines() if line.strip())


def _by_first_letter(words: str) -> str:
    """The same choice, quicker: words that begin with another letter are passed over together."""
    grouped: dict[str, list[str]] = {}
    for word in _choice(words).split("|"):
        grouped.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}({'|'.join(rest)})" for letter, rest in grouped.items())


# --- what was done, how things are, and that it is over

PAST_ACTION = _phrases(r"""
    (has|have|had|was|were|'s|'ve|got) ((now|also|already|since|both|all|just|recently|therefore|subsequently|
        fully) )*<done>
    (has|have|had|was|were|'s|'ve|got) ((now|successfully|been|being|today|again|duly|not|yet) )*been ((now|fully)
         )*<done>
    (has|have|had|was|were) (\w+ly |being )<done>
    (i|we|he|she|they|officers?|crews?|team|inspector|engineers?|contractors?|wardens?|operatives?|it|council)
         ((and i|then|also|both|recently|duly|subsequently) )?<done>
    (enforcement|colleagues?|department|panel|committee|surveyor|\d{4}|owner|lads) ((then|also|both|recently|duly)
         )?<done>
    (i|we|he|she|they|officers?|crews?|team|inspector|engineers?|council|owner|lads) (have )?(spoke|wrote|took|went|
        saw|sent|gave|rang|called|won|got to|did|swept|came)
    <done> (this (morning|afternoon|week)|yesterday|today|earlier|last (night|week|month|\w+day))
    (?<!well )(done|sorted|back on|out|in) (this morning|yesterday|today|on (mon|tues|wednes|thurs|fri|satur|
        sun)day)
    (went|going) (in|out|up|back|down) (yesterday|this morning|on|in)
    (went|came|left|arrived|happened|finished|started|stopped)( \w+){0,2} (yesterday|today|this morning|on \w+day|
        last \w+)
    all (working|sorted|done|fixed|clear|back)
    no (defects?|faults?|breach|evidence|further problems?|record|issues?|problems?) (was|were|has been|have been)
         (found|identified|seen|noted)
    no (evidence|record|sign) of
""")
FACT = _phrases(r"""
    (do|does|did|is|are|was|were) not (?!yet|clear|sure|able to (give|respond|reply|confirm|say))\w+
    (don't|doesn't|didn't|isn't|aren't|wasn't|weren't) (?!yet|have (an answer|any news))\w+
    (is|are|was|were) (un)?(eligible|entitled|adopted|permitted|possible|allowed|exempt|available|due to|protected)
    there (is|are|was|were) (no|currently|already|not|a|an|two|three|four|\d+)
    (unable|not able|not in a position) to (?!give|provide an update|respond|reply|confirm)\w+
    (cannot|can't|can not) (?!yet|confirm|give|respond|say)\w+
    (the )?(reason|cause|cost|fee|charge|policy|criteria|criterion|band|limit|balance|rate|decision|outcome|result)
         (for (this|the \w+) |of the \w+ |here )?(is|was|were|are|of)
    because|due to the|as a result of|in accordance with|in line with|under (the|section)
    (has|have) no (plans?|powers?|record|money|budget|intention)
    i can (now )?(confirm|advise)
    (was|were|has been|have been|had been) (?!received|logged|passed|allocated|forwarded)\w{2,}(ed|en|wn|ght|elt|
        ept|ost|nt)
    attach(ed)?
    (costs?|charged?|priced?) (at |of )?£\d+
""")
NOT_ANSWERED = _phrases(r"""
    been (logged|passed|forwarded|received|allocated|assigned|registered|recorded|referred|sent (on )?to|raised
         with)
    been asked (to|for|about)
    been (entered|put|placed|recorded) (on|in|into) (the|our) (system|log|database|list|register)
    (opened|raised|created|logged|booked in|put in|started) (a|an|the|another) (\w+ )?(job|ticket|case|works? order|
        order|request)( for)?
    been (acknowledged|transferred|redirected|escalated|added)
    (was|is|are|were) (received|logged)
""")
NOT_YET = _phrases(r"""
    not yet|yet to|once|until|unless|if|as soon as
    (expects?|expected|hopes?|aims?|intend|plans?|needs?|due|going|likely|still|able) to
    (has|have|had|was|were|is|are) (not|n't) (yet )?been
    (has|have|was|were)n't (yet )?been
    still (to be|waiting|awaiting|outstanding)
    (will|would|should|shall|can|could|may|might|must|to|going to|due to|'ll) (then |also |now |only )?be
    before (it|this|the|we|i) (can|is|are)
    when (it|this|the|they|we)
""")
CLOSURE = _phrases(r"""
    <case>( number)?( [\w/-]*\d[\w/-]*)?( is| are| was| has| have)?(( now| therefore| also| been| being| as|
         fully)*) (closed|concluded|resolved|complete|completed|signed off|finalised)
    (clos(e|ed|ing)|conclud(es?|ed|ing)|sign(ed|ing)? off|resolved) (off )?(the|this|your|our|my|that|down this)
         (\w+ )?<case>
    clos(e|ed|ing) ((now|off|down) )?(off|down|this|it)( one)?
    sign(ed|ing)? (this|it|that|the \w+) off
    (mark(ed|ing)?|record(ed|ing)?|log(ged|ging)?) (this|it|that|the \w+) (down )?as (closed|resolved|complete|
        completed|done|finished)
    no further action
    nothing (further|more|else) (to add|we can do|i can do|for us to do)
    (works?|repairs?|jobs?|everything) (is|are|has been|have been|was|were)? ?now (all )?(fully )?complete(d)?
    now (been )?(fully )?(resolved|completed?|closed)
    (consider|considered|regard|treat|treating) (this|the|that|it) (\w+ )?(\w+ )?(to be |as )?(closed|resolved|
        concluded|complete)
    (has|have|was|were) (now |since )?(been )?(fully |successfully )?resolved
    brings? (this|the) matter to a close
""")
CLOSURE_OF_PLACE = _phrases(r"""
    (road|street|lane|footpath|path|bridge|centre|library|office|park|toilets?|site|playground|pool|school|gate|
        line)s? (is|are|was|were|has been|have been|will be|remains?) (now |currently )?closed
    (application window|list|scheme|shop|lane|car park)s? (is|are|was|were|has been|have been|will be|remains?)
         (now |currently )?closed
""")

# --- what is still to come

FUTURE = _phrases(r"""
    will|shall|'ll|should|due|till|has to|have to|take place|listed|target|estimated|booked|pencilled|propose|allow|
        can|promised?|plan(s|ned)?( to| for)?
    (hope|hopes|hoped|aim|aims|aiming|going|looking|agreed) to|expect(s|ed)?|anticipate[sd]?|intend(s|ed)?
    (am|are|quite|fairly) (confident|sure|certain|optimistic)
    (pre)?scheduled|(re)?programmed|would be able|back to you|arranged (for|to)|update( to)? follow
    to be (carried|completed|done|inspected|repaired|replaced)|on (the|our) (list|programme|schedule|rota)
    (am|is|are|we're|i'm) (\w+ )?(visiting|inspecting|attending|meeting|returning|starting|going|getting|sending|
        out)
    (respond|reply|response|update|answer|visit|inspection)( \w+){0,2} (by|within|before|due)
""")
STILL_TO_DO = _phrases("will|'ll|shall|hope to|aim to|going to|intend to|i'm going|we're going")
WE_WILL = _phrases("(we|i)( will|'ll| hope| expect)")
NO_PROMISE = _phrases(r"""
    valid|expir\w*|runs? (out|until|to)|lasts?|financial year|ends (on|in|at)|(right of|may|can|to) appeal|deadline|
        review within
    closing date|closes (on|at)|open (until|from|to)|prohibit\w*|eligible|consultation
""")
PAST_DATE_WORDS = _phrases(
    "since|(had|have) hoped|was hoping|received (on|your)|your (e-?mail|letter|enquiry|message|request) (of|dated|from)"
)
NOT_BY = _phrases(r"""
    (will|would|can|could|shall|do|does|is|are|am)( not|n't)( \w+){0,6} (by|before|this side of|within|in time for)
    (won't|can't|cannot|unable to|not able to|unlikely to|no (chance|prospect|hope))( \w+){0,6} (by|before|within|
        in time for)
""")
WAITING = _phrases(r"""
    <work> (is|are|remain|remains) (still |now )?(ongoing|continuing|in progress|in hand|under ?way|outstanding)
    (is|are) (still |currently |now )?being (assessed|considered|investigated|reviewed|processed|checked|prepared|
        finalised)
    (cannot|can't|unable to|not able to|will not|won't)( \w+){0,4} until
    (usually |normally |generally |can |may )?takes? (around |about |up to |approximately |roughly )?\w+( to \w+|
         ?- ?\w+)? (working )?(day|week|month)s?
    (given|have|has|had|allowed) (\w+ )?\w+ (working )?(days|weeks|months) (to|in which)
    (a)?waiting (on|for|a|an|the|confirmation|further|to hear|information|details|their|her|his|feedback|approval|
        parts|results)
    (am|are|is|currently|still|i'm|we're) (\w+ )?awaiting
    (still )?(under|subject to) (investigation|review|consideration)
    still (investigating|looking into|working on|gathering|considering|reviewing|to hear|chasing|trying)
    (holding|interim) (reply|response|note|message|update)
    (need|require|requires|taking|take|taken|ask(ing)? for|request(ing)?) (a (little|bit) )?(some )?(more|longer|
        additional|further) (time|than)
    (a bit|little|somewhat|much) (longer|more time)|lead time|be delayed
    (apologi[sz]e|apologies|sorry) (for|about|that) (the|this|any|our|my|it|we|i) (\w+ ){0,5}(delay|taking|yet|not
         been able)
    (not|n't|un) ?(yet )?(been )?able to (give|provide|send|respond|reply|answer|confirm|say|complete)
    (do not|don't|haven't|have not) (yet )?(have|got|had) (an answer|any news|a date|the answer|an update|a reply)(
         yet)?
    (no (answer|news|date|decision|update|reply)( has been made)? (yet|as yet))
    (cannot|can't) (yet )?(give|provide|confirm|respond|say|answer)
    (have|has)(n't| not) (yet )?(received|heard|had (a|any)|been able|completed|finished|got)
    take (some|a little|a while|a bit|more) (time|while)|back order|(has|have) to wait|listed for
    (not|n't) (\w+ ){0,4}yet|(before|after|by) (christmas|easter)|in the (new year|spring|summer|autumn|winter)
    in the meantime|asked for an update|confirm dates?
    (parts?|materials?|replacements?|units?) (is|are|has been|have been|being) (on order|ordered|sourced)
    (is|are) (currently |now |still )?with (our|the) (\w+ )?(legal|team|solicitors?|contractor|engineer|insurers?|
        manager|director)
    chas(ed|ing) (\w+ ){1,6}for (a |an |their )?(\w+ )?(response|reply|update|answer|information|comments)
    (full|fuller|substantive) (response|reply|answer) (will|to follow|should|shortly|once|as soon)
    (respond|reply|write|come back|answer)( to you)? (more )?(in full|fully)
    (once|until|as soon as) (i|we|they|the|this|it|these|those|that)( \w+)? (have|has|had|is|are|hear|receive|get|
        've|know|arrives?|comes?|returns?)
    update (you|him|her|them)( again| further)? (once|when|after|following|as soon)
    (hope|aim|trying) to (get|have) (this|it) (\w+ )?(resolved|sorted|done|fixed|repaired)
    (is|are) (now |currently )?(due|scheduled|programmed|planned|set|booked|expected) (to be|for|in|to)
    (is|are|'s) (now |currently )?(on|in) (the|our|next year's) (list|programme|schedule|rota|plan)
    for (the )?(spring|summer|autumn|winter|new year|next financial year)
    on (\w+day|tomorrow|next week)'s (run|round|list|rota|visit|programme|schedule)
    (need|needs|require|requires) (\w+ ){0,3}(consent|permission|approval|sign-?off|agreement|a decision) (from|by|of)
         (the |a )?(\w+ )?<body>
    (could|may|might|can) (we|i) have (until|a few|a little|some|more|another|a bit)
""")
TO_BE_DONE = _phrases(r"(will|shall|'ll|is to|are to) (then |also |now |shortly |soon )?be (\w+ly )?<done>")
ONLY_PASSED_ON = _phrases(
    r"(will|shall|'ll) (then |now |also )?be (given|passed|handed|shown|sent|forwarded|allocated|assigned) to"
)
NOTHING_TO_BE_DONE = _phrases(r"no (\w+ )?(\w+ )?(will|shall|can) be")

# --- what is asked of us

REQUEST = _phrases(r"""
    (could|can|would|will) <who>( please| kindly| possibly| also)? (provide|confirm|send|let (me|us) (know|have)|
        tell|advise)
    (could|can|would|will) <who>( please| kindly| possibly| also)? (clarify|supply|give|forward|share|specify|check|
        ask|find out|describe|be more specific)
    (could|can|would|will) <who>( please| kindly| possibly| also)? (obtain|get|say|explain|complete|sign|e-?mail|
        upload|attach|keep)
    (please|pls|kindly)( can you| could you| would you| also| ask (the|your|him|her|them)( \w+)? to)? (provide|
        confirm|clarify|specify|supply|describe|share)
    (please|pls|kindly)( can you| could you| would you| also)? (advise|(send|give|tell) (me|us)|send (over|through)|
        let (me|us) (know|have)|forward)
    (please|pls|kindly) (can you |could you )?ask (?!(me|us)\b)\w+( \w+)? to
    (grateful|thankful) for (a|an|any|your) (\w+ )?(steer|view|views|answer|clarification|comments?|advice|
        information|details)
    (is not|isn't|not|n't) (very |quite |entirely )?(clear|sure|certain) (what|which|who|where|whether|if|how|when)
    (would|it'd|will) (really |also )?help (me |us )?(to know|if|to have)
    (a|an) (\w+ ){1,4}would (help|be (helpful|useful))
    (grateful|appreciate it|helpful|useful|obliged) if (you|the resident|they|he|she)( could| would| can)
    (i|we)( do| will|'ll|'d| would| shall)?( just)? (also )?(need|require)( to (know|have|confirm|see|establish))?
         ([\w']+ ){0,6}?<wanted>
    (what|which) (is|are|was|were) (the|their|his|her|your) (\w+ ){0,3}(address|postcode|name|number|location|date)
    (without|before we can proceed|in order to proceed|to (help|assist|enable|allow) us)[^.]* (need|require|please|
        could you)
    could i trouble you
""")
QUESTION = _phrases(r"""
    (do|did|does|are|is|have|has|had|was|were|can|could|would|will|should|may) [\w']+\b[^.]*
    (which|what|where|who|whose|when|how (many|long|often|much|big|far))\b[^.]*
    (any|some) (more|further|additional) (details|information)[^.]*
""")
COURTESY = _phrases(r"""
    any (further |other |more |additional )?(quest\w+|quer\w+|concerns?|assistance|help|problems|information please)
    (anything|something) (else|further|more)|hesitate\w*
    (further|more) (help|assistance|information)(,| please| then| do|\?|$)
    (need|needs|require|requires) (\w+ ){0,3}(consent|permission|approval|sign-?off|agreement|a decision) (from|by|of)
         (the |a )?(\w+ )?<body>
    (could|may|might|can) (we|i) have (until|a few|a little|some|more|another|a bit)
    (can|could|would|will) you (please )?(thank|pass (on )?(my|our|this|the)|let (the resident|him|her|them|your|mr|
        mrs)|inform)
    (can|could|would|will) you (please )?(tell (the|him|her|them|your)|advise (the|him|her|them|your|mr)|apologise|
        convey|bear with)
    (can|could|would|will) you (please )?(try|contact|ring|call|speak to|refer|redirect|write to) (them|the|their|
        him|her|it)
    please (pass|convey|thank|accept|let (the resident|him|her|them|your|mr|mrs)|inform|tell (him|her|them|the|
        your))
    please (advise (the resident|him|her|them|your|mr|mrs)|forward (my|our|this|the (attached|information|response|
        reply))|share (this|the|my))
    let (me|us) know if (you|that|this|i|we)
    if (this|that) (is|does|helps|answers)
    confirm (receipt|that i (have|am)|that we)
    if you (need|require|have|would like|want|wish|could bear)
    (you|resident|constituent|she|he|they) (also )?(asked|asks|queried|wanted to know|enquired|raised)
    (to|i|we) (can |am able to |would |will )?(please )?(be able to )?confirm that
""")

# --- who else must answer

NOT_OURS = _phrases(r"""
    not (us|ours|one of ours|one for us|ours to)
    not a (\w+ ){0,2}(matter|function|responsibility)|for which (the )?\w+ (is|are) responsible
    (one of (theirs|yours)|(is|'s) theirs)
    (this|that|it)('s| is| one is| would be| one's) (one )?for (the )?(?!you|me\b|us\b|a\b|an\b|information|your|
        that reason|this reason)\w+ (at|in|team|department|council|services?|to)
    (is|are|'s|be) (a|an) (\w+ ){1,3}(matter|function|responsibility)(?! of (concern|urgency))
    belongs to (the )?(\w+ ){0,3}<body>
    (they|who|which|company|association|council|landlord|agents?|agency) (is|are) responsible
    (best|better) placed to (advise|help|assist|answer|deal|respond)
    (cannot|can't|unable to|not able to) (help|assist|deal)( you)? with (this|that|these)
    (is|are|was|were|falls?)(n't| not)( \w+){0,4} (our|the council's|this council's|this team's|my|this
         department's|district|borough) (\w+ )?(responsibility|remit|department|area|service|land|road|asset|
        property|function|jurisdiction)
    (is|are|was)(n't| not) (the )?(\w+ ){0,2}(authority|landlord|provider)( for)?
    not (something|a matter|an area|one|a service|a road|a function)( that| which)?( \w+){0,4} (we|i|council|team|
        for us|for this|for me|for the|deal|responsible|handle)
    not (the )?responsib(le|ility)
    (we|council) (do not|don't|does not|doesn't|can't|cannot) (deal with|get involved in|intervene in|handle)
    (we|council) (do not|don't|does not|doesn't) (own|manage|maintain|handle|look after|deal with|administer) (the|
        that|this|these|those|any|it|them|private)
    (outside|beyond|not within|(does not|doesn't) fall (within|under)|not part of|not in) (of )?(the |our |my |this
         )?(\w+ )?([\w']+ )?(remit|responsibilit(y|ies)|area|jurisdiction|control|boundary|scope|powers)
    (is|are|lies?|falls?|rests?|remains?|would be|being)( \w+){0,3} (the )?responsibility of
    (responsibility|responsible)( \w+){0,4} (lies|rests|falls|sits|is) (with|to|under)
    (lies|rests|falls|sits|sit|lie) with (the )?(\w+ ){0,4}<body>
    (is|are|would be) (a matter|one|something) for (the )?(?!you|discussion|concern)\w+
    (is|it's|'s) (up|down) to (the )?(\w+ ){0,3}(owners?|people|residents?|householders?|tenants?|landlords?|
        frontagers?|leaseholders?|neighbours?)
    (this|that|it|these|they|enquiry|request)( one)? (needs?|has|have|ought|wants?|should) (to )?go to (the )?\w+
    (have|has) no (power|powers|control|jurisdiction|authority|say|responsibility) (over|in|for)
    rather than (us|me|ourselves|this (team|office|council|department|service))
    no longer (work|deal|cover|look after|handle|manage|responsible|my|our)
    (they|he|she|who) (would|will|'ll|must|need|needs|have|has)( have| need)?( to)? (answer|deal with|respond to|
        decide|sort) (this|it|that)
    (you|resident|constituent|tenant|they|she|he) (should|needs? to|must|has to|have to) (complain|go|turn|appeal|
        write|talk|report (this|it)) to
    (wrong|incorrect) (inbox|address|place|office|desk|section|team|department|service|officer|
        mailbox|council|authority|person)
    (sent|came|come) to (us|me) (in error|by mistake)
    (maintained|managed|owned|operated|run|dealt with|handled|looked after|covered|administered|adopted|done|
        provided|run) by (the
         )?(\w+ ){0,4}<body>
    (deals?|dealing) with (taxi|these|those|this|that|such|all) (\w+ )?(complaints|matters|issues|enquiries|
        reports)
    (should|needs? to|must|ought to|can|is best|are best|would be better) (\w+ )?be (best )?(directed|addressed|
        sent|referred|reported|raised|made|redirected)( directly| instead)? (to|with)
    (should|ought to) have (gone|been sent|come) to
    (re)?direct (this|your|the) (\w+ )?(to|towards)
    (you|resident|they|she|he|constituent)( will| would|'ll)? (need|needs|have|has|should|ought)( to)? (contact|
        approach|report (this|it) to|write to|speak to|get in touch with|apply to|(raise|take) this (up )?with)
    (may|might) (wish|want|like) to (raise this with|contact|ask|approach|speak to|take this (up )?(with|to)|try|
         (take|get|seek) (\w+ )?advice|go to|consult)
    suggest (that )?(you|your constituent|the resident|she|he|they) (contacts?|asks?|approach(es)?|speaks? to|tr(y|
        ies))
""")
PASSED_ON = _phrases(r"""
    (passed|forwarded|referred|transferred|redirected|re-?routed|reassigned|re-?assigned|sent|copied|handed|
        escalated|moved)( this| it| your \w+| the \w+| them| over| on| across| details| back)*( matter| enquiry|
         query| case| request| email| e-mail)?( on| over| across)? (to|onto) [\w']+
    (passing|forwarding|referring|transferring|redirecting|sending|handing|moving)( this| it| your \w+| the \w+|
         them)*( matter| enquiry| query| case)?( on| over| across)? (to|onto) [\w']+
    copied in (my colleague|the|our|\w+ (from|at|in|who))
    (i am|i'm|i have|i've) (copying|copied)( in)?
""")
PASSED_WHAT = _phrases(r"""
    (your|the|their|his|her) (thanks|compliments?|comments|kind words|feedback|apolog\w+)
    (letter|notice|e-?mail|form|cheque|payment|invoice|leaflet|card|pack|copy|reminder|warning) (has been |have
         been |was |were )?(sent|forwarded|passed)
    (sent|forwarded|written|issued) (a|an|the|them|him|her) (\w+ )?(letter|notice|e-?mail|form|cheque|payment|
        reminder|warning|card|refund|replacement)
    (sent|moved|written) to (the |your )?(resident|constituent|tenant|applicant|customer|occupier|owner|landlord|
        him|her|them|all|you)
    (forwarded|sent) to you
    moved (to|into|onto) (band|a )
    sent (a|an|the|our|out) (\w+ ){0,2}(crew|team|officer|engineer|contractor|operative|inspector)
""")
INSIDE = _phrases(r"""
    (the |a |our |my )?(relevant|appropriate|correct|right|responsible|concerned|duty|case|area|local|investigating|
        allocated) (\w+ )?(supervisors?|foreman|officers?|teams?|department|person|people|colleagues?|inspectors?|
        managers?|section|service)
    (my|a|our|his|her) (\w+ )?(colleagues?|officers?|inspectors?|team|manager|supervisor|engineers?|assistant)
    (an|the|one of our) (officer|inspector|engineer|contractor|contractors|crew|lads)
""")
CONTACT = _phrases(r"""
    (please|pls|kindly|can you|could you|advise(d)? (\w+ )?to|need to|best to|suggest (\w+ )?(you )?)( \w+)?
         ?(contact|e-?mail|write to|speak to|get in touch with|report (this|it) (directly )?(to|via)|try) (the |
        their |our )?(?!me\b|us\b|you\b|him\b|her\b|myself|the undersigned|with any)[\w']+
    try \w+( \w+)? (in|at|on) (?!the meantime)\w+
    (please|pls|kindly) (send|direct|address|refer|forward|e-?mail) (any|anything|all|future|further)( \w+){0,6} to
         (?!(me|us|you|my|our)\b)[\w']+
    (so|and) (the|your) (resident|constituent|tenant) should (contact|get in touch with|speak to) [\w']+
""")
CONDITION = re.compile(
    r"^(?:if|should|for|in the event|please do not|do not|don't|when)\b|"
    r"\b(?:if|should) (?:you|they|he|she|there|the problem|it)\b"
)

# --- that it arrived, and who has it

THANKS = _phrases(r"""
    thank you for (your|the|contacting|getting|raising|letting|bringing|this|forwarding|passing|sending|writing|
        reporting)
    thanks for (your|the|this|getting|raising|letting|contacting|bringing|forwarding|passing|sending|flagging|
        reporting)
    (opened|raised|created|logged|put in) (a|an|the|another) (\w+ )?(job|ticket|case|works? order|request)
    (is|are) (now |currently )?with (me|us)\b
    (entered|put|placed|recorded) (on|in|into) (the|our) (system|log|database|list|register)
    (will|shall|'ll) (then |now |also )?be (given|passed|handed|shown|sent|forwarded|allocated|assigned) to
    (have|has|got) this (one|in hand)|(i'm|i am|we're|we are) on (it|the case)
    (i |we )?(acknowledge|confirm) (safe )?receipt|acknowledge (your|this)|acknowledged
    (have|has|been) (now )?(received|logged|recorded|allocated|assigned|registered|picked (this |it )?up)
    (logged|noted|received|registered|recorded|allocated|assigned)( (on|to|under|as|with)|[.,!]|$)
    (i|we)('ll| will| shall|'m going to| am going to)? (now |also |have )?(look(ing)? into|investigate|pick (this|
        it) up|make enquiries|find out)
    (i|we)('ll| will| shall|'m going to| am going to)? (now |also |have )?(check (on )?(this|it|with)|look at|get
         (this|it) (looked|checked|sorted)|take (this|it) (up|forward))
    (i|we)('ll| will| shall|'m going to| am going to)? (now |also |have )?(be in (touch|contact)|get back|come back|
        respond|reply|ask|arrange|raise|speak|follow (this|it) up)
    (i|we)('ll| will| shall|'m going to| am going to)? (now |also |have )?(chase|see what|deal with|review)
    (has|have|been|was) (asked|passed|forwarded|allocated|assigned|logged)
    (will|'ll) (check|speak|look|chase|ask|report back|get on to|let you know|keep you|pass|forward|raise|follow|
        see|be in (touch|contact))
    report back|keep you (posted|updated|informed|in the loop)|receiving (our |my )?attention
    leave (it|this) with (me|us)|(have|had) (a )?(word|look|chat)|got this( one)?|take a look|bear with (me|us)
    (on it|will do)|(looking (in)?to|looking at|checking|investigating|dealing with) (this|it|that)( now)?
    diolch am (eich|y|gysylltu)
    (is|are|being) (being )?(looked (at|into)|dealt with|investigated|processed|handled)
    will be (looked (at|into)|dealt with|investigated|in (touch|contact)|processed|handled|assigned|allocated)
    (will|'ll) (call|ring|phone|contact|visit|e-?mail|write to) (you|him|her|them|the)
    (is|are) (now )?with (our|the) (\w+ ){1,3}who will
""")

# --- who is away, and who asks again

AWAY = _phrases(r"""
    (is|are|am|being) (currently |now )?(on|off on|away on) (annual |sick |maternity |paternity )?leave
    (is|are|am|'s|he's|she's) (off|away|abroad|absent)( work| sick)? (until|till|from)
    (i am|i'm|i will be|i'll be|currently|am) ((now|currently|away|on|out) )*(out of (the )?office|annual leave|on
         leave|maternity leave|sick leave|leave)
    (i am|i'm|i will be|i'll be|currently|am) ((now|currently|away|on|out) )*(away from (the office|my desk|work)|
        not in the office)
    (allan|i ffwrdd|ffwrdd) o('r| ?r|'n)? ?(swyddfa|gwaith)|i ffwrdd (hyd|tan|o)|ar (fy )?(wyliau|absenoldeb)
    ar gyfnod (mamolaeth|salwch)|ddim yn gweithio|ddim yn y swyddfa|nid (wyf|ydw i) yn y swyddfa
""")
RETURN = _phrases(r"""
    return(s|ing)?|back|until|till|again on|available (from|again|on)|resume|to|from
    dychwelyd|yn ôl|nôl|hyd|tan
""")
WHOM_TO_ASK = _phrases(r"""
    (contact|e-?mail|ring|call|phone|speak to|get in touch with|direct (this|your|any)|refer (to|any))
    urgent|urgently|urgency|in my absence|while i am away|in the meantime|immediate (attention|assistance|help)
    cover(ing)?
    cysylltwch|cysylltu|ffoniwch|e-?bostiwch|brys|yn fy absenoldeb|yn y cyfamser
""")
CHASING = _phrases(r"""
    any (further )?(news|update|progress|response|reply)|no (reply|response|answer|news)|latest (on|position|update)
    (still|not) (waiting|heard|received|had)|heard (nothing|anything|back)|chas(e|ing)|follow(ing)?[- ]?up|reminder
    (have|has|had)(n't| not| yet)( yet| had| been| heard| received)
    when (will|can|is|are)|what('s| is) happening|where (are|is) (we|this|it|things)
    over (a|two|three|four|\d+) (weeks?|months?) (ago|since|now)
    (please )?(could|can) (you|i|we) (\w+ )?(have|get|give|provide|let)[^.]*update
    how (is|are) (this|things|it) (going|progressing|coming)|nothing has (happened|been done|changed)
""")
