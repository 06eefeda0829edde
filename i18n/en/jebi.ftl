# What residents read in English. Short, plain sentences; the same keys and variables as Korean.
# One word per thing: entry, receipt, pool, seal, draw, waitlist, notice.

## Every page
service = Purchase time draw
skip = Skip to main content
languages = Language
error-prefix = Error: { $heading }
error-summary = There is a problem
rehearsal = This is a rehearsal. Nothing is sold.
title-rehearsal = [Rehearsal] { $title }
early = Entering early gives no advantage.
early-why = Enter at any time while registration is open. The first day and the last day count the same.
shared-device = If others use this device, close the browser when you have finished.
help = Do you need help?
help-contact = Contact: { $contact }
server-time = Server time { $at }
footer-jebi = Drawn with jebi, software whose draws anyone can check.
footer-status = Service status
to-round = About this round
steps = Steps
step-identity = Identity
step-details = Amount and time
step-check = Check

## State of a round
state-announced = Opens soon
state-open = Open
state-closed = Closed
state-sealed = Pool sealed
state-drawn = Drawn
state-serving = Buying period
state-archived = Ended
state-voided = Void

## State of an entry: the five words
status-not-yet = Not yet
status-your-turn = Your turn
status-done = Done
status-ended = Ended
status-fault = Fault

## Parts of the day
part-am = Morning
part-noon = Midday
part-pm = Afternoon
part-eve = Evening
part-any = Any time
wish-then = , then{" "}

## What is asked of an entrant, and whose days are whose
field-birth-digit = Last digit of the year of birth
field-birth-parity = Year of birth, odd or even
field-age-band = Age
field-household = People in the household
value-odd = odd
value-even = even
value-household = { $size }
value-household-more = { $size } or more
value-ages = { $from } to { $to }
value-ages-more = { $from } or older
group-all = Everybody
days-heading = Days on which you can buy
days-every = Every day from { $from } to { $last }, { $begin } to { $end }
days-later = After the draw you get a time of your own on one of these days.

## Schedule
time-opens = Registration opens
time-closes = Registration closes
time-seals = Pool is sealed
time-reveals = Seed is published
time-pulse = Public random value
time-results = Results from
time-first-slot = First purchase time
time-last-slot = Last purchase time ends

## Start page
home-heading = No queue. Buy at your own time.
home-lead = You enter during a few days. Then a draw that anyone can check gives each person a time to buy, and we tell you yours.
home-rounds = Rounds
home-none = There is no round at the moment. New rounds are announced on this page.
home-opens = Opens { $at }
home-closes = Open until { $at }
home-closed = Closed { $at }

## Round
round-start = Enter
round-my = See my entry
round-not-yet = You can enter from { $at }.
round-until = You can enter until { $at }.
round-over = Registration closed on { $at }.
round-held = The draw is done and its result will not change. A check before publication found something that two members of staff are looking at. You will see the result here and get a notice as soon as they have.
round-void-reason = Reason:
round-voided = This round is void. Nobody who entered has any disadvantage.
round-what = What you can buy
round-cap = Most per person
round-price = Price
round-price-text = { $unit } for { $price }
round-price-free = Free
round-budget = Whole budget
round-entrants = Entries
round-entrants-text = { $count }
round-after = After the draw
round-after-catch-up = Who misses a time keeps the amount and gets a second time. Only who misses that one too lets the amount go.
round-after-offers = What people give back or do not use is offered to the waitlist at these times, in the order of the draw. Being quick does not matter.
round-offer-due = To come
round-offer-made = Second times: { $caught_up }. Places for the waitlist: { $assigned }. Given back: { $returned }. Ended: { $lapsed }. Ineligible: { $ineligible }.
round-shifts = Interruptions
round-shift = From { $at } on all times moved by { $length }, in the same order. Reason: { $reason }
round-parts = Times you can wish for
round-mode = How it is shared
mode-share = Equal shares
mode-share-text = If many people enter, the budget is shared equally. You may get less than you asked for.
mode-everyone = Everyone
mode-everyone-text = Everyone who enters gets it. The draw only decides the time.
mode-lottery = In the order of the draw
mode-lottery-text = Places go in the order of the draw until the budget is used. Everyone else gets a place on the waitlist.
mode-lottery-because = Why it is drawn:
round-reserves = Places, in the order in which they are given out
round-funds = Paid for each person
round-places = { $count }
round-cohorts = Who can buy when
round-cohorts-text = You need not look it up: when you enter, we tell you your own days.
round-cohorts-all = Show the days of every group
round-how = How it works
how-1 = You enter
how-1-text = At any time while registration is open. It takes a minute.
how-2 = We draw
pulse-late = The public random value is late. The draw takes place as soon as it is out. Nothing is ever put in its place, and all entries stand.
how-2-text = The pool of entries is sealed. Then a public random value, unknown until then, decides. Not even the organiser can choose the result.
how-2-text-none = The pool of entries is sealed, then drawn. This is a rehearsal, so no public random value is used.
how-3 = You hear your time
how-3-text = Each person is told when to buy and how much. You can also see it on this site.
how-4 = You buy at your time
how-4-text = Buy from that minute on. If you are late, your amount is kept for you until a stated time.
round-schedule = Schedule
schedule-past = Past
schedule-next = Next
round-proof = Why you can trust the draw
proof-commitment = Commitment
proof-commitment-text = Published before anybody could enter. Anyone can check it against the seed that is published later.
proof-beacon = Public source of chance
beacon-none = Rehearsal: the organiser could have known the result.
beacon-drand = drand. Its value comes out after the pool is sealed, so nobody can know it beforehand.
beacon-declared = A public value named in the announcement. It is settled after the pool is sealed and everyone can see it.
proof-record = Record of the draw
proof-record-ready = See the record of the draw
proof-record-later = Available here after the draw.
proof-seed = Seed revealed

## Identity
identity-heading = Confirm who you are
identity-heading-my = Confirm who you are to see your entry
identity-lead = Each person enters once. We send a code to the contact you give.
identity-lead-known = You are already confirmed. To enter this round, please agree to the following.
identity-lead-my = Give the contact you used when you entered. We send a code to it.
channel-legend = Where should we send the code?
channel-email = E-mail
channel-phone = Text message (SMS)
email-label = E-mail address
email-hint = For example name@example.com
phone-label = Mobile phone number
phone-hint = With or without dashes, for example 010-0000-0000
no-resident-number = We never ask for a resident registration number. Do not enter one anywhere.
consent-heading = How we use your data
consent-purpose = Purpose
consent-purpose-text = To check that each person enters once, and to tell you your time.
consent-items = Data
consent-items-text = E-mail address or mobile phone number, amount, times you wish for
consent-items-helped = of people you enter besides yourself, a code made from name and date of birth (name and date are not kept)
consent-items-misses = if you agree on a later page, a pseudonym for rounds in which you drew in vain
consent-until = Kept until
consent-until-text = { $date }, then erased.
consent-refuse = Your right to refuse
consent-refuse-text = You may refuse. You then cannot enter on this site; please ask the help desk.
consent-label = I have read this and I agree
identity-submit = Send me a code
identity-go-on = Agree and continue

## Code
code-heading = Enter the code
code-sent = Code sent to: { $contact }
code-sent-again = We have sent a new code. The earlier one no longer works.
code-label = 6-digit code
code-hint = Valid for { $length }. You can paste it.
code-tries = Tries left: { $tries }
code-submit = Continue
code-secret = Anyone who asks you for this code is a fraud. Do not tell it to anybody.
code-missing-question = No code yet?
code-look-email = Look in your spam folder too. If nothing comes within a minute, ask for another code.
code-look-phone = Look among your blocked messages too. If nothing comes within a minute, ask for another code.
code-again = Send another code
code-other-contact = Change the contact

## Questions
about-heading = A few questions
about-lead = Your answers decide which days and which places are for you. Please answer truthfully.
birth-year-label = Year of birth
birth-year-hint = For example 1987. We work out from it what is needed and do not keep it.
birth-year-keep = Leave it empty to keep what you answered before.
about-choose = Choose an answer
about-published = Your answers are published with your receipt, never with your name.

## Amount and time
details-heading = Choose an amount and times
want-legend = Amount you want
want-choose = Choose an amount
want-each = This is the amount for each person.
want-fair = A smaller or larger amount does not change anybody's chance of a good time.
want-share = If many people enter, the budget is shared equally, so you may get less than this.
want-everyone = You get the amount you choose.
want-lottery = When the budget is nearly used, entries that fit what is left come first, in the order of the draw.
amount-and-price = { $amount } (you pay { $price })
wish-legend = Times you would like
wish-hint = Start with the best one. Honest wishes serve you best, and no wish ever costs you any of the amount. If there is no room, you get another time.
wish-1 = Best
wish-2 = Second best
wish-3 = Third best
remember-legend = If you draw in vain
remember-hint = Whoever drew in vain in earlier rounds draws more lots, at most { $most }. For that we keep a pseudonym and the number of the round, nothing else, and only as long as it counts.
remember-label = Yes, remember it, and count what was remembered before
details-submit = Continue

## Check
check-heading = Check your entry
check-heading-change = Check what you changed
check-contact = Contact
check-want = Amount
check-price = You pay
check-wish = Times
check-lots = You draw { $lots }, because you drew in vain so many times lately: { $misses }
check-change = Change
check-until = You can change or withdraw it until { $at }. A change does not affect your chances.
check-twice = Pressing the button twice still makes one entry.
check-submit = Enter now
check-submit-change = Save the change

## My entry
mine-heading = My entry
mine-fresh = Your entry is recorded
mine-fresh-text = It is stored safely. Entering early gives no advantage, entering late no disadvantage.
mine-status = Status
mine-entered-open = Your entry is recorded. The draw has not taken place yet.
mine-entered-closed = Your entry is in the pool. Please wait for the result.
mine-assigned = Your time to buy is settled. You can buy from this minute on.
mine-your-turn = You can buy now.
mine-over = Your time to buy has ended.
mine-start = Your time to buy
mine-until = Buy before
mine-until-text = { $at }
mine-amount = Amount
mine-price = You pay
mine-rank = Draw order
mine-rank-text = { $rank } of { $count }
mine-seller = Where to buy
mine-no-hurry = There is no hurry. Nobody else gets this amount before then.
mine-waitlisted = There was no place this time. You are on the waitlist.
mine-position = Waitlist
mine-position-text = { $position } of { $count }
mine-waitlisted-next = When places become free we tell people in the order of the waitlist. Being quick does not matter, so you need not watch this page.
mine-done = You have bought.
mine-done-at = Bought
mine-unplaced = This round is over, and no place became free for you.
mine-lapsed = You did not buy in your time, so your place has ended.
mine-ended-next = You can enter again when the next round is announced. This puts you at no disadvantage.
mine-missed = Your time has passed, and as far as we know you have not bought. Nothing is lost: your amount is kept, and on { $at } we give you a second time.
mine-missed-next = If you have bought, you need not do anything. This page says so as soon as the seller has told us.
mine-returned = You have given your place back.
mine-returned-until = On { $at } the amount goes on to people on the waitlist. Until then you can take it back.
mine-keep = Take my place back
mine-give-back = I will not buy: give my place back
mine-give-back-text = The amount goes on to people on the waitlist on { $at }, and you buy nothing in this round. Until then you can take it back.
mine-give-back-submit = Give my place back
mine-ineligible = Two members of staff have found that this entry is not eligible. Reason: { $reason }
mine-ineligible-until = If this is not right, please tell the help desk before { $at }. Your place goes to nobody else until then.
mine-changes = What has changed
change-missed = Your first time was { $at }, and you did not buy by { $until }. So you have a second time, with the same amount.
change-offered = You were on the waitlist. On { $at } a place came free, and by the order of the draw it was yours.
change-later = Before, your time was { $at }. It moved because buying was interrupted. Reason: { $reason }
change-longer = Before, you could buy until { $at }. You have longer because buying was interrupted. Reason: { $reason }
mine-withdrawn = You have withdrawn your entry.
mine-withdrawn-at = Withdrawn
mine-withdrawn-open = You can enter again until { $at }, with the same receipt and the same chances.
mine-voided = This round is void.
mine-voided-next = Nobody who entered has any disadvantage. New rounds are announced on the start page.
mine-fault = Something is out of order and things are late.
mine-fault-next = Your entry and your place are kept. We tell you when it is repaired. You need not do anything.
mine-receipt = Receipt
mine-receipt-text = This code is public. Nobody can change an entry or buy with it alone.
mine-recorded = What we recorded
mine-want = Amount you want
mine-wish = Times
mine-seats = People
mine-seats-text = { $count }
mine-weight = Lots
mine-weight-text = { $count }, and the smallest counts
mine-entered-at = Recorded
mine-next = What happens next
mine-next-close = Registration closes. Until then you can change or withdraw your entry.
mine-next-results = You can see the result on this page. Notices follow one after another; a later notice is no disadvantage.
mine-change = Change my entry
mine-withdraw = Withdraw my entry
mine-leave-joint = Leave this joint entry
mine-again = Enter again
mine-leave = Forget me on this device
mine-signed = Signed receipt
mine-signed-text = Your proof that we recorded the entry. If your receipt is missing from the sealed pool, this shows that it should be there.
mine-download = Download the signed receipt (text file)

## No entry
roster-heading = Find yourself on the list
roster-lead = This round is for people on a list that the municipality has made. Type your name and birth date as your town office knows them.
roster-name = Name
roster-name-hint = As on your resident registration; spaces do not matter.
roster-birth = Birth date
roster-birth-hint = For example 1960-01-31. Never type a resident registration number.
roster-unknown-heading = We did not find you on the list of this round
roster-unknown-why = Only people on a list that the municipality has made take part in this round.
roster-unknown-contact = We looked for { $contact }, which you have confirmed.
roster-unknown-name = We looked for the name and the birth date you typed. You can try again after a minute.
roster-unknown-tell = Do you think you should be on it? Tell { $contact } by { $at }: until then the list can be put right, and you lose nothing by it.
roster-unknown-late = The list was fixed when the round closed. If you think you should have been on it, tell { $contact }.
roster-other = Does the municipality know you by another number or address?
roster-only = This round is for people on a list that the municipality has made.
roster-serves = Everybody on the list takes part without entering. You may say which part of the day suits you.
no-entry-heading = You have no entry in this round
no-entry-open = You can enter now, until { $at }.
no-entry-announced = You can enter from { $at }.
no-entry-closed = Registration closed on { $at }. The next round is announced on the start page.
no-entry-other = Did you enter with another contact?
no-entry-other-link = Confirm that contact

## Ineligible
ineligible-resident = not a resident
ineligible-twice = entered twice
ineligible-conditions = a condition of the announcement is not met

## Withdraw
withdraw-heading = Withdraw your entry?
withdraw-text = If you withdraw, you do not take part in this draw.
withdraw-again = You can enter again until { $at }, with the same receipt and the same chances.
withdraw-others = It changes nothing for anybody else.
withdraw-member = You give up your seat in the joint entry; the others stay in it. You can then enter on your own.
withdraw-opener = Everybody in your entry leaves with you. Those who joined by code are told so and can enter on their own.
withdraw-submit = Withdraw my entry
withdraw-keep = Go back without withdrawing

## People in one entry
people-heading = Who comes with you
people-lead = Everybody in one entry gets the same time. You can change this until { $at }.
people-joint = People who come by themselves
people-joint-count = With you: { $count } of at most { $most }.
people-code = Link code
people-code-text = Tell it only to the people you want with you. They choose “I have a link code” on the page of the round, confirm who they are, and type it.
people-open = Get a link code
people-helped = People you enter yourself
people-helped-text = For example a child, or somebody who cannot do it. We make a code from name and date of birth, so that nobody is entered twice, and keep neither.
people-limit-minors = At most under 19: { $minors }.
people-limit-adults = At most adults: { $adults }.
people-limit-both = At most under 19: { $minors }; adults: { $adults }.
people-minor = Person { $number }, under 19, entered { $at }
people-adult = Person { $number }, adult, entered { $at }
people-remove = Take out
people-name = Name
people-name-hint = As in official papers
people-born = Date of birth
people-born-hint = For example 2015-03-01. Never a resident registration number.
people-add = Enter this person
join-heading = I have a link code
join-lead = With the link code of somebody who has entered you come at their time. You are then in their entry and need none of your own.
join-hint = 8 letters and digits, for example 7k3m-9x2p
join-submit = Join

## Record
record-heading = Record of the draw
record-lead = With these files anyone can compute the draw again from the beginning. They contain no personal data.
record-how = Check it with two commands
record-how-folder = Download all the files below into one folder and run these there.
record-how-1 = The files are unchanged.
record-how-2 = The draw, computed again, gives the same result.
record-verify = Check it here, in your browser
record-archive = All files as one archive (ZIP)
record-files = Files
record-after = What happened after the draw
record-after-text = Offers to the waitlist and interruptions, with their entries in the public journal. These files grow with each of them, and with them anyone can compute who was given which place.

why-heading = Why did I get this time?
why-heading-waitlisted = Why am I on the waitlist?
why-lead = Your lot came { $rank } of { $count }.
why-lots = In the draw each entry got one number, its lot. The smallest lot chose first, then the next one, and so on. The lots come from a seed that was complete only after registration had closed.
why-table = The smallest lots, and those beside yours
why-rank = { $rank }
why-lot = Lot
why-own = (you)
why-weight = You drew { $count } lots. The smallest of them counts.
why-nobody = Nobody could choose a lot. When you entered, how much you wanted and what you wished for changed nothing about yours.
why-caught-up = Second times go to all who missed their first one, again in the order of the lots.
why-offered = What came free went down the waitlist in the order of the lots. Nobody was passed who fitted, and nobody had to be quick.
why-shifted = When buying was interrupted, all later times moved by as much. Nobody was overtaken.
why-verify = Compute it again here
why-back = Back to my entry

## Busy
busy-heading = Many people are here right now
busy-text = What you sent is not recorded yet. It is kept on this page, so you need not type it again.
busy-text-page = We could not show the page at once. Entries that were recorded are safe.
busy-wait = Please press the button below in about { $length }.
busy-seconds = { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}
busy-again = Send again
busy-open = Open again

## Other problems
problem-nothing-lost = Entries that were recorded are safe. Nothing is lost.
problem-reference = Number to give the help desk: { $reference }
problem-next-home = Go to the start page
problem-next-form = Open a new form
problem-next-identity = Confirm who you are
problem-next-round = About this round
problem-not-found = There is no such page
problem-not-found-text = The address is wrong or the page is gone.
problem-bad-request = We could not read what was sent
problem-bad-request-text = The form your browser sent is not complete. Please start again.
problem-form-too-old = The form is too old
problem-form-too-old-text = For your safety we do not take old forms. Please open a new one and send it again.
problem-signed-out = Please confirm who you are
problem-signed-out-text = You have not done so yet, or it was too long ago. Afterwards you can go on.
problem-wrong-method = The page cannot be opened like this
problem-wrong-method-text = Please begin at the start page.
problem-too-large = Too much was sent
problem-too-large-text = It was much more than any form on this site can hold, so we did not take it.
problem-too-slow = It did not arrive completely
problem-too-slow-text = The connection was slow and stopped on the way. Please check it and try again.
problem-not-open = Registration has not opened yet
problem-not-open-text = You can enter from { $at }. Early gives no advantage, so come when it suits you.
problem-closed = Registration has closed
problem-closed-text = It closed on { $at }. Entries recorded before then are safe.
problem-internal = Something went wrong on our side
problem-internal-text = Please try again shortly. If it goes on, tell the help desk.

## Public status
status-heading = Service status
status-ok = Everything is working.
status-bad = Something is out of order and we are repairing it. Recorded entries and places are safe. You need not do anything.
status-at = As of { $at }
status-rounds = Rounds

## Did the city send me this?
footer-sent = Did the city send me this?
sent-heading = Did the city send me this?
sent-lead = Every mail and text message of ours bears a check code. Type it here, and we tell you whether the notice is from us.
sent-label = Check code, 8 characters
sent-hint = For example 7K3M-9QXA. You can leave out the dash.
sent-submit = Check
sent-yes = Yes, this notice is from us
sent-no = No, this notice is not from us
sent-typed = What you typed
sent-of = What it was about
sent-day = Sent on
sent-nothing = nothing
sent-of-entry = An entry, a change of it, or its withdrawal
sent-of-seal = The sealed pool
sent-of-result = The result of the draw
sent-of-void = A round that is void
sent-of-change = A time to buy
sent-yes-next = You can read what it said under “My entry”. If what you received says something else or asks you to press a link, please tell the help desk.
sent-no-next = Please look at the code again. If it is still not ours, do not press any link in that message and do not answer it. Delete it, and tell the help desk below, or call 118 (Korea Internet & Security Agency).
sent-know = How we write to you
sent-know-links = We never send a link to press.
sent-know-money = We never ask for money, an account or a resident registration number.
sent-know-code = Messages with a one-time code bear no check code. They only come when you have just asked for one yourself.

## No more mail
unsubscribe-heading = No more e-mail about this round?
unsubscribe-heading-done = We send no more e-mail about this round
unsubscribe-entry = Your entry stays as it is. This does not withdraw it.
unsubscribe-instead = Our staff tell you by letter or telephone instead. You are on their list from now on.
unsubscribe-none = You can see the result and your time at any moment under “My entry” on this site.
unsubscribe-submit = No more e-mail
unsubscribe-keep = Keep e-mail
unsubscribe-again = Send me e-mail again

## Errors in forms
error-channel-missing = Choose where we should send the code
error-email-missing = Enter an e-mail address
error-name-missing = Type your name.
error-birth-invalid = Type your birth date with four digits of the year, for example 1960-01-31.
error-roster-wait = Please wait a minute before you try again.
error-email-invalid = Enter an e-mail address in the form name@example.com
error-phone-missing = Enter a mobile phone number
error-phone-invalid = Enter a mobile phone number in the form 010-0000-0000
error-consent-missing = To enter, please agree to the use of your data
error-code-missing = Enter the code
error-code-wrong = { $tries ->
    [one] The code is not right. You can try once more
   *[other] The code is not right. You can try { $tries } more times
}
error-code-expired = The code is too old. Ask for another one
error-code-too-many = The code was wrong too often. Ask for another one
error-code-too-often = You have asked for several codes. Please wait a little before you ask again
error-want-missing = Choose an amount
error-want-not-offered = Choose an amount from the list
error-want-over-cap = One person can buy at most { $cap }
error-wish-twice = You have chosen the same time twice. Choose another one
error-wish-unknown = Choose a time from the list
error-wish-elsewhere = You cannot buy at that time of day. Your days: { $days }. Choose one of these
error-birth-year-missing = Enter your year of birth
error-birth-year-invalid = Enter your year of birth with four digits, for example 1987
error-birth-year-age = This round is not open to people of your age
error-answer-missing = Answer this question: { $label }
error-answer-not-offered = Choose an answer from the list
error-answer-unlisted = Our list does not say this about you: { $label }. Please ask the help desk
error-person-name-missing = Enter the name
error-name-invalid = Enter a name, only letters
error-born-missing = Enter the date of birth
error-born-invalid = Enter a date of birth, for example 2015-03-01
error-person-full = You have entered as many people as you may
error-person-elsewhere = This person is in another entry already. Nobody can be in two
error-link-missing = Enter the link code
error-link-wrong = There is no entry with this link code. Check it with whoever gave it to you
error-link-too-many = You have tried too many codes. Try again in an hour
error-link-full = As many people as allowed are in that entry
error-link-own = You have an entry of your own. Withdraw it first, then join
error-link-elsewhere = You are in another joint entry. Leave it first
error-link-others = The places or the money of that entry are not for people with your answers. Please enter on your own
error-resident-number = Do not enter a resident registration number
error-form-too-old = The form was open for a long time. Check it and send it again
error-round-not-open = Registration has not opened yet. You can enter from { $at }
error-round-closed = Registration closed on { $at }. Entries recorded before then are safe

## Mail
mail-sender = Sent by { $municipality }.
mail-no-links = This message has no links to press. A message that asks you to press one is not from us.
mail-site = To see for yourself: { $site }
mail-contact = Contact: { $contact }
mail-title = Round: { $title }
mail-told-code = Check code: { $code } (type it on our site under “Did the city send me this?” to see that it is from us.)
invite-summary = { $title }: buy { $amount }
invite-text = Buy before { $until }. Receipt: { $receipt }
invite-alarm = { $title }: your time to buy is in 30 minutes.
mail-receipt = Receipt: { $receipt }
mail-want = Amount you want: { $amount }
mail-code-subject = [{ $municipality }] Your code
mail-code = Code: { $code }
mail-code-next = Enter it on the page within { $length }.
mail-code-not-you = If you did not ask for it, delete this message. Nothing was entered and nothing has changed.
mail-entered-subject = [{ $municipality }] Your entry is recorded
mail-entered = Your entry is recorded. It is stored safely and will not be lost.
mail-entered-closes = You can change or withdraw it until { $at }.
mail-entered-results = You can see the result from { $at }. We also send you a notice.
mail-withdrawn-subject = [{ $municipality }] Your entry is withdrawn
mail-withdrawn = Your entry is withdrawn. You do not take part in this draw.
mail-withdrawn-next = While registration is open you can enter again, with the same receipt and the same chances.
mail-withdrawn-not-you = If you did not withdraw it, please tell the help desk at once.
mail-sealed-subject = [{ $municipality }] The pool is sealed
mail-sealed = The list of all entries is sealed. Nobody can change it any more, and the draw has not taken place yet.
mail-sealed-keep = Below are the signatures of the seal and of the public journal. Keep this mail: should anybody ever show another list, it is the proof. You need not do anything.
mail-voided-subject = [{ $municipality }] This round is void
mail-voided = The round you entered is void. It will not be drawn, and nobody who entered has any disadvantage.
mail-voided-next = The reason is on the page of the round, for everybody to read. New rounds are announced on the site.
mail-assigned-subject = [{ $municipality }] Your time to buy
mail-assigned = The draw has given you a time to buy.
mail-assigned-start = Buy from: { $at }
mail-assigned-until = Buy before: { $at }
mail-assigned-amount = Amount: { $amount }
mail-assigned-rank = Order in the draw: { $rank } of { $count }
mail-assigned-next = Buy from that minute on. If you are late, nobody else gets this amount before the second time above.
mail-reminder-subject = [{ $municipality }] Your time to buy is near
mail-reminder = Your time to buy is near. There is no need to hurry.
mail-waitlisted-subject = [{ $municipality }] Your place on the waitlist
mail-waitlisted = There was no place this time. You are on the waitlist.
mail-waitlisted-position = Waitlist: { $position } of { $count }
mail-waitlisted-next = Your entry is still in the round. When places become free we tell people in the order of the waitlist. You need not do anything.
mail-caught-up-subject = [{ $municipality }] You have a second time to buy
mail-caught-up = You did not buy at your first time. Nothing is lost: your amount is kept, and you have a second time.
mail-caught-up-next = Buy from that minute on. It is your last time in this round, so please mind the second time above.
mail-offered-subject = [{ $municipality }] A place has come free for you
mail-offered = A place has come free, and by the order of the waitlist it is yours.
mail-later-subject = [{ $municipality }] Your time to buy has moved
mail-later = Buying was interrupted, so your time begins later. Nothing is lost, and your amount is kept.
mail-longer-subject = [{ $municipality }] You have more time to buy
mail-longer = Buying was interrupted, so you have more time. Nothing is lost, and your amount is kept.
mail-shifted-reason = Reason: { $reason }
mail-shifted-next = All later times have moved by as much, in the same order. You need not do anything.
mail-lapsed-subject = [{ $municipality }] Your place has ended
mail-lapsed = Your time to buy is over and no other time was left to give, so your place has ended. The amount goes on to people on the waitlist.
mail-lapsed-next = You can enter again when the next round is announced. This puts you at no disadvantage.
mail-lapsed-bought = If you did buy, your purchase stands. Please tell the help desk.
mail-returned-subject = [{ $municipality }] You have given your place back
mail-returned = You have given your place back. At { $at } the amount goes on to people on the waitlist.
mail-returned-next = Until then you can take it back on the site.
mail-returned-not-you = If it was not you, take it back on the site or tell the help desk at once.
mail-ended-subject = [{ $municipality }] Your entry was found ineligible
mail-ended = Two members of staff have found that your entry is not eligible. Reason: { $reason }
mail-ended-until = If this is not right, please tell the help desk before { $at }. Your place goes to nobody else until then.
mail-ended-next = If this is not right, please tell the help desk.

## SMS: only characters of CP949; the code within 90 bytes
sms-code = [{ $municipality }] Code { $code }, valid { $length }. Never tell it to anyone.
sms-told-code = Check code { $code }, see { $site }
sms-entered = [{ $municipality }] { $title }: your entry ({ $amount }) is recorded. Receipt { $receipt }, result from { $at }.
sms-withdrawn = [{ $municipality }] { $title }: your entry is withdrawn. Receipt { $receipt }, you can enter again while registration is open.
sms-sealed = [{ $municipality }] { $title }: the pool is sealed. Receipt { $receipt }, you need not do anything.
sms-voided = [{ $municipality }] { $title }: this round is void. Receipt { $receipt }, you have no disadvantage. New rounds are announced on the site.
sms-assigned = [{ $municipality }] { $title }: buy { $amount } from { $start }, kept for you until { $until }. Receipt { $receipt }
sms-reminder = [{ $municipality }] { $title }: your time to buy is from { $start } to { $until }, amount { $amount }. Receipt { $receipt }
sms-waitlisted = [{ $municipality }] { $title }: you are { $position } of { $count } on the waitlist, we tell you when a place is free. Receipt { $receipt }
sms-caught-up = [{ $municipality }] { $title }: you missed your first time, nothing is lost. Buy { $amount } from { $start }, kept for you until { $until }. Receipt { $receipt }
sms-offered = [{ $municipality }] { $title }: a place came free for you. Buy { $amount } from { $start }, kept for you until { $until }. Receipt { $receipt }
sms-later = [{ $municipality }] { $title }: buying was interrupted, your time has moved, nothing is lost. Buy { $amount } from { $start }, kept for you until { $until }. Receipt { $receipt }
sms-longer = [{ $municipality }] { $title }: buying was interrupted, so your place is kept for longer, until { $until }. Receipt { $receipt }
sms-lapsed = [{ $municipality }] { $title }: your time is over and your place has ended. You can enter the next round. Receipt { $receipt }
sms-returned = [{ $municipality }] { $title }: you gave your place back. You can take it back on the site until { $at }. Receipt { $receipt }
sms-ended = [{ $municipality }] { $title }: your entry was found ineligible ({ $reason }). If this is not right, tell the help desk. Receipt { $receipt }

# The live view, for staff.
live-title = Notices, live
live-duplicates = Notices accepted twice: { $count }
live-risks = Sent once more without knowing: { $count }
live-letters = Letters that wait to be printed: { $count }
live-queues = Waiting
live-queue = Queue
live-planned = Planned
live-due = Due
live-unknown = Looked up
live-rate = A minute
live-oldest = Oldest waits since
live-empty = Empty at
live-why = Why
live-vendors = SMS vendors
live-vendor = Vendor
live-share = Share
live-stopped = Stopped until
live-minutes = The last hour
live-minute = Minute
live-sent = Sent
live-outcomes = Outcomes
live-waits-nothing = Nothing waits
live-waits-second = Each for its own second
live-waits-morning = For 08:00: nobody is woken
live-waits-staff = Staff paused it
live-waits-vendor = No vendor works
live-waits-rate = For its turn at this rate
