// What the events of a round must say about each other and about the record.

import { need } from "./refusal.mjs";
import { ZERO } from "./seed.mjs";

/**
 * `seen` is what the record's own files say: `{ rules, rulesDigest, seal, sealDigest, seed, resultDigest, resultRoot }`.
 * Returns the events of batches.
 */
export function checkHistory(lines, seen) {
  const events = lines.map(({ event }) => event);
  for (const [at, event] of events.entries()) {
    need(event.round === seen.rules.round, `event ${at + 1} is of another round`);
    need(at === 0 || events[at - 1].at <= event.at, `event ${at + 1} is earlier than the one before it`);
  }
  const entered = [];
  let at = 0;
  const next = (kind) => {
    const event = events[at++];
    need(event?.kind === kind, `${kind} is not where it should be, but ${event?.kind ?? "the end"}`);
    return event;
  };
  const batches = () => {
    while (events[at]?.kind === "entered") entered.push(next("entered"));
  };
  /** Versions from 1 up; what an objection corrected is in batches between two of them. */
  const lastSealed = () => {
    let sealed, version = 0n;
    do {
      batches();
      sealed = next("sealed");
      need(sealed.version === ++version, `version ${sealed.version} was sealed where ${version} should be`);
    } while (["entered", "sealed"].includes(events[at]?.kind));
    return sealed;
  };
  checkAnnounced(next("announced"), seen);
  batches();
  need(next("closed").at >= seen.rules.times.closes_at, "closed before closes_at");
  checkSealed(lastSealed(), seen);
  checkRevealed(events[at]?.kind === "revealed" ? next("revealed") : null, seen);
  const pulse = next("pulse");
  need(pulse.pulse === seen.seed.pulse, "the pulse is another one than in the seed");
  need(pulse.at >= seen.rules.times.pulse_at, "the pulse is there before pulse_at");
  checkDrawn(next("drawn"), seen);
  need(at === events.length, "something follows drawn");
  return entered;
}

/** What the events after the draw must say about each other, about the rules and about the blocks of offers.txt. */
export function checkAfter(lines, { rules, drawn, offers }) {
  const made = [];
  let before = drawn.event.at;
  for (const { index, event } of lines) {
    need(event.round === rules.round, `the event at ${index} is of another round`);
    const known = ["offered", "shifted", "extended"].includes(event.kind);
    need(known, `the event at ${index} is neither an offer nor a shift nor an extension`);
    need(index > drawn.index, `the event at ${index} is not after the draw`);
    need(event.at >= before, `the event at ${index} is earlier than the one before it`);
    before = event.at;
    if (event.kind !== "offered") continue;
    made.push(event);
    const due = rules.after?.offersAt[made.length - 1];
    need(event.offer === BigInt(made.length), `offer ${event.offer} is where offer ${made.length} should be`);
    need(due !== undefined, `there is no time for offer ${event.offer}`);
    need(event.at >= due, `offer ${event.offer} was made before its time`);
  }
  need(made.length === offers.length, `${offers.length} offers, and ${made.length} events of offers`);
  offers.forEach((block, at) => {
    const { offer, changes, digest } = made[at];
    const same = block.number === offer && block.changes === changes && block.digest === digest;
    need(same, `offer ${block.number} is not the one that its event names`);
  });
}

function checkAnnounced(event, { rules, rulesDigest }) {
  need(event.rules === rulesDigest && event.number === rules.number, "other rules or another number were announced");
  need(event.at <= rules.times.opens_at, "announced after opens_at");
}

function checkSealed(event, { seal, sealDigest }) {
  const same = event.seal === sealDigest && event.version === seal.version && event.entries === seal.entries && event.root === seal.root;
  need(same, "another seal was sealed");
  need(event.at === seal.sealedAt, "sealed at another instant than the seal says");
}

function checkRevealed(event, { rules, seed }) {
  if (!event) {
    need(seed.organiserSeed === ZERO, "the organiser seed was not revealed, and yet it counts");
    return;
  }
  need(event.at < rules.times.pulse_at, "the organiser seed was revealed too late");
  need(event.seed === seed.organiserSeed, "another organiser seed was revealed");
}

function checkDrawn(event, { seed, resultDigest, resultRoot }) {
  const same = event.seed === seed.drawSeed && event.result === resultDigest && event.root === resultRoot;
  need(same, "another draw seed, result or root was drawn");
}
