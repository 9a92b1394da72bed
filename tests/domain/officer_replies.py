"""Made-up replies of officers, with what a careful reader would say each proposes; received on Wednesday 18 November 2026."""

from typing import NamedTuple


class Reply(NamedTuple):
    """The text of a reply, the proposal it should give, and the date it promises (ISO) where it promises one."""

    proposal: str
    text: str
    promised_on: str | None = None


ACKNOWLEDGEMENTS = (
    Reply("acknowledgement", "Dear Cllr Hughes,\n\nThank you for your email. I will look into this.\n\nKind regards\nSam"),
    Reply("acknowledgement", "Hi,\n\nThanks for raising this. I'll ask the team and get back to you.\n\nJo"),
    Reply("acknowledgement", "Received, thank you. Looking into it."),
    Reply("acknowledgement", "Thank you for contacting Streetscene. Your enquiry has been logged and allocated to an officer."),
    Reply("acknowledgement", "Good morning Councillor\n\nI acknowledge receipt of your email below.\n\nRegards\nPat"),
    Reply("acknowledgement", "Thanks, noted."),
    Reply("acknowledgement", "Dear Councillor\n\nThank you for bringing this to our attention. I have asked one of our inspectors to have a look and will be in touch."),
    Reply("acknowledgement", "Hello Margaret, leave it with me."),
    Reply("acknowledgement", "Thank you for your enquiry about the streetlight outside 14 Beech Close. We will investigate and respond as soon as possible."),
    Reply("acknowledgement", "Morning,\n\nGot this, thanks for letting us know. I'll pick this up with the crew.\n\nDave"),
    Reply("acknowledgement", "Dear Cllr Rahman\n\nI confirm receipt of your email regarding parking on Mill Lane. Your case officer is Helen Marsh.\n\nYours sincerely"),
    Reply("acknowledgement", "Thank you for your email, which is being looked into by the relevant officer."),
    Reply("acknowledgement", "Your request has been received and your reference number is 4471920."),
    Reply("acknowledgement", "Hi Cllr\n\nThis has been passed to the appropriate officer who will respond to you directly."),
    Reply("acknowledgement", "Thank you for forwarding the resident's concerns. I shall make enquiries and come back to you."),
)

HOLDING = (
    Reply("holding", "Dear Councillor,\n\nWe are awaiting a report from the contractor. I will update you by Friday 27 November.\n\nRegards", "2026-11-27"),
    Reply("holding", "We will respond to you within 10 working days.", "2026-12-02"),
    Reply("holding", "Thanks for this. An inspector will visit the site by 24 November and I will let you know the outcome.", "2026-11-24"),
    Reply("holding", "Apologies for the delay in replying. We are still waiting to hear from United Utilities and I will write again once I have their answer."),
    Reply("holding", "This is a holding reply. The officer dealing with it is on site this week and you should have a full response by 30/11/2026.", "2026-11-30"),
    Reply("holding", "The repair has been ordered and is programmed for the week commencing 7 December.", "2026-12-11"),
    Reply("holding", "I am still investigating this with colleagues in finance. I hope to have an answer for you by the end of next week.", "2026-11-27"),
    Reply("holding", "Dear Cllr Owen\n\nI have chased the contractor for a response. Will update you tomorrow.\n\nThanks\nAlun", "2026-11-19"),
    Reply("holding", "Unfortunately I am not yet able to give you a full answer because the survey results are not back. I expect them on 3 December.", "2026-12-03"),
    Reply("holding", "Hi, this one is taking longer than I'd hoped, as the legal team need to look at the lease. I'll come back to you by close of play Monday.", "2026-11-23"),
    Reply("holding", "The lamp column has been reported to Electricity North West. They have 20 working days to fix it, so it should be back on by 16 December 2026.", "2026-12-16"),
    Reply("holding", "Thank you for your email. The matter is under investigation and a full reply will follow."),
    Reply("holding", "We need more time to look into the history of this tenancy. We aim to reply in full within the next two weeks.", "2026-12-02"),
    Reply("holding", "The pothole has not been repaired yet because of the frost. It is due to be done by 25 November.", "2026-11-25"),
    Reply("holding", "Dear Councillor Shah,\n\nFurther to your enquiry, the tree officer is visiting Elm Grove on Tuesday 24th November at 10am and we will let you have his findings.\n\nYours sincerely", "2026-11-24"),
    Reply("holding", "I have asked for the file from archive. In the meantime please bear with me; I haven't heard back from the managing agent."),
    Reply("holding", "Update will be provided by COP Friday.", "2026-11-20"),
    Reply("holding", "Once we have the results of the noise monitoring we will write to you and the resident."),
    Reply("holding", "The replacement bin should be delivered within 5 working days.", "2026-11-25"),
    Reply("holding", "We've had a high number of reports after the storm. Crews expect to reach Station Road before the 1st of December.", "2026-12-01"),
)

ANSWERS = (
    Reply("answer", "Dear Cllr Hughes\n\nThe pothole outside number 22 was inspected on 12 November and has been repaired.\n\nRegards"),
    Reply("answer", "Hi Councillor, crew attended yesterday and cleared the fly-tipping."),
    Reply("answer", "The street light was repaired on Monday. The fault was a broken fuse in the column."),
    Reply("answer", "I visited Mrs Patel on 10 November and explained how to apply. She has been awarded a discretionary payment of £320, which was paid on 13 November."),
    Reply("answer", "I can confirm that the hedge belongs to the owner of 5 Fern Avenue, who has been served with a notice."),
    Reply("answer", "The application was refused on 2 November because the extension would overlook the neighbouring garden. The decision notice is on the website."),
    Reply("answer", "We do not grit Orchard Close because it is not on the priority network. The grit bin at the top of the road was refilled on 5 November."),
    Reply("answer", "Unfortunately there are no plans to resurface this road. It was last surveyed in June and does not meet the criteria for this year's programme."),
    Reply("answer", "The missed collection was caused by a parked car blocking access. The bins were emptied on 16 November."),
    Reply("answer", "I have spoken to Mr Evans and his council tax account has been corrected. A new bill was issued on Friday."),
    Reply("answer", "Our officer inspected the property, found mould in the rear bedroom and has ordered the landlord to treat it. The landlord carried out the works last week."),
    Reply("answer", "The reason for the charge is that the garden waste subscription ran out in March. We have refunded the £20 as a gesture of goodwill."),
    Reply("answer", "Residents' parking permits cost £35 for the first car and £60 for the second. The scheme in Albert Street was agreed by the cabinet in 2024 after a consultation in which 61 per cent of households were in favour, and it covers Monday to Saturday from 8am to 6pm. Visitors can use scratch cards, which are sold in books of ten at the customer service centre and in the library."),
    Reply("answer", "Please find attached our full reply to the points you raised.\n\nThe play area was checked by our safety inspector on 9 November. Two swings were removed and the surface was patched."),
    Reply("answer", "Gully on the corner has been jetted and is running freely. We also swept the channel."),
    Reply("answer", "Following your enquiry the enforcement officer patrolled Church Street on four mornings and issued six penalty notices."),
    Reply("answer", "The resident is on the housing register in band B. She is currently 14th for a two bedroom flat in Leyland."),
    Reply("answer", "No defects were found that meet our intervention level of 40mm, so no works are needed at present."),
    Reply("answer", "Abandoned car removed this morning. DVLA informed."),
    Reply("answer", "We have reviewed the speed data for Preston Road. The average speed was 28mph and there have been no injury collisions in five years, so traffic calming cannot be justified."),
    Reply("answer", "Dear Councillor\n\nI have checked our records and the drain was last cleaned in August. A camera survey carried out on 4 November found tree roots in the pipe. These have been cut out and the pipe relined.\n\nYours"),
    Reply("answer", "Mr Khan's blue badge was posted on 11 November. I apologise for the time this took, which was due to a backlog of applications."),
)

QUESTIONS = (
    Reply("question", "Hi Councillor,\n\nCould you confirm the address please?\n\nThanks"),
    Reply("question", "Thank you for your email. Which side of the road is the blocked drain on?"),
    Reply("question", "Dear Cllr\n\nPlease provide the resident's contact details so that we can arrange a visit."),
    Reply("question", "Before we can look into this we need the resident's consent and date of birth. Can you send these over?"),
    Reply("question", "Do you have a photo of the damage?"),
    Reply("question", "I'd be grateful if you could let me know the lamp column number."),
    Reply("question", "Thanks. Is the bin a 140 or a 240 litre one? And what colour is the lid?"),
    Reply("question", "Please can you ask the resident to complete the attached form and return it to us."),
    Reply("question", "I have looked on our system and cannot find a Mr Jones in Park Road. What is the house number?"),
    Reply("question", "Please let me know which flat this relates to."),
    Reply("question", "We'd need to know when the noise takes place. Could the resident keep a diary for two weeks and send it to us?"),
    Reply("question", "Are you happy for me to share your email with the housing association?"),
    Reply("question", "Good afternoon, please could you advise whether the resident is a council tenant or a private tenant."),
    Reply("question", "Can I ask who told the resident that the work would be done in October?"),
)

REDIRECTS = (
    Reply("redirect", "This is not our responsibility. Please contact Lancashire County Council Highways."),
    Reply("redirect", "Thank you for your email. The road is maintained by the county council, so I have forwarded your enquiry to them."),
    Reply("redirect", "I'm sorry but this falls outside our remit. It is a matter for the Environment Agency."),
    Reply("redirect", "Hi Councillor, wrong team I'm afraid. I have passed this to Environmental Health."),
    Reply("redirect", "The land is owned by the housing association and the resident will need to contact them directly on 01772 000000."),
    Reply("redirect", "Street lighting is the responsibility of the county. You should report it through their website."),
    Reply("redirect", "We don't deal with private water supplies, that is United Utilities. Please contact them."),
    Reply("redirect", "I have referred this to Planning Enforcement as it concerns a breach of condition."),
    Reply("redirect", "Your enquiry has been transferred to the Revenues and Benefits service."),
    Reply("redirect", "This does not fall within the district council's powers and should be directed to the police."),
    Reply("redirect", "Not one for us. Bus shelters are looked after by the parish council."),
)

CLOSURES = (
    Reply("closure", "The fly-tipping on Back Lane was cleared on 13 November and the case has been closed."),
    Reply("closure", "The works were inspected on 10 November and found to be satisfactory. We have therefore closed this enquiry."),
    Reply("closure", "Our officer visited twice and found no breach of planning control. No further action will be taken."),
    Reply("closure", "The leak was fixed yesterday, so this matter is now resolved."),
    Reply("closure", "Repairs were carried out to the kerb on Thursday. Job complete, closing this one off."),
    Reply("closure", "Mrs Doyle has received her new bin and is happy. I consider this matter closed."),
    Reply("closure", "We have written to both neighbours and the hedge has been cut back to two metres. There is nothing further we can do and I am closing the case."),
    Reply("closure", "The overpayment was written off on 6 November. I trust this brings the matter to a close and have closed your enquiry."),
)

NOTHING = (
    Reply("none", "Happy Christmas to all in Members' Services!"),
    Reply("none", "Thanks Cllr"),
    Reply("none", ""),
)

MIXED = (
    Reply("question", "The light was repaired on Monday. Could you confirm whether it is the one outside number 9?"),
    Reply("question", "We will inspect by 24 November. Which gate should the inspector use?", "2026-11-24"),
    Reply("holding", "The drain was cleared on 10 November but a camera survey is booked for 26 November, after which we will update you.", "2026-11-26"),
    Reply("holding", "I have passed this to the drainage team, who will reply to you by Wednesday 25 November.", "2026-11-25"),
    Reply("holding", "The case will be closed once the repair has been done, which is due on 2 December.", "2026-12-02"),
    Reply("holding", "We hope to have this resolved within 15 working days.", "2026-12-09"),
)

TRAPS = (
    Reply("answer", "The pothole has been filled. Please let me know if you have any questions."),
    Reply("answer", "The bin was emptied this morning. If you need anything else please do not hesitate to contact me."),
    Reply("answer", "The road was closed on 2 November for the gas works and was reopened on 9 November."),
    Reply("answer", "The library is closed on Wednesdays because of the budget agreed in February."),
    Reply("answer", 'You asked "when will the light be repaired?" It was repaired on 11 November.'),
    Reply("answer", "I have replied to Mr Lee directly and explained why his application was refused. Could you please thank him for his patience."),
    Reply("answer", "In reply to your email of 3 November, the sign was replaced on 16 November."),
    Reply("acknowledgement", "Thank you for your email of 17 November 2026. I will look into it."),
    Reply("holding", "This has not been resolved and the case cannot be closed until the contractor returns on 8 December. I will update you then.", "2026-12-08"),
    Reply("answer", "A letter was sent to the resident on 12 November explaining the decision."),
    Reply("answer", "We run a service 24/7 and the alarm was answered at 02:10 on 7 November."),
)

REPLIES = ACKNOWLEDGEMENTS + HOLDING + ANSWERS + QUESTIONS + REDIRECTS + CLOSURES + NOTHING + MIXED + TRAPS
