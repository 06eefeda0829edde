import { inTree, readCheckpoint } from "../checkpoint.mjs";
import { Course } from "../course.mjs";
import { readJournalLine } from "../events.mjs";
import { checkAfter } from "../history.mjs";
import { Lines } from "../lines.mjs";
import { equal } from "../bytes.mjs";
import { AFTER_FILES } from "../manifest.mjs";
import { checkSigned } from "../note.mjs";
import { moveLine, readOffers } from "../offers.mjs";
import { need } from "../refusal.mjs";
import { LONGEST_LINE } from "./journal.mjs";

const MOST_EVENTS = 2000;

const skip = ({ files }) => (AFTER_FILES.some((name) => files.has(name)) ? null : "nothing-after");

export const afterSteps = [
  {
    name: "after-form",
    skip,
    run(record) {
      const missing = AFTER_FILES.filter((name) => !record.files.has(name));
      need(missing.length === 0, `missing: ${missing.join(", ")}`);
      record.offers = readOffers(record.files.get("offers.txt"));
      const lines = new Lines(record.files.get("after-journal.txt"), "after-journal.txt", { most: MOST_EVENTS, longest: LONGEST_LINE });
      record.afterJournal = Array.from(lines, readJournalLine);
      const ascending = record.afterJournal.every(({ index }, at) => at === 0 || record.afterJournal[at - 1].index < index);
      need(ascending, "the indices of after-journal.txt do not ascend");
      record.afterCheckpoint = readCheckpoint(record.files.get("after-checkpoint.txt"), "after-checkpoint.txt");
      const changes = record.offers.reduce((sum, offer) => sum + offer.changes, 0n);
      return ["pass", { offers: record.offers.length, changes, events: record.afterJournal.length }];
    },
  },
  {
    name: "after-events",
    skip,
    needs: ["rules-form", "journal-form", "checkpoint", "journal-events", "after-form"],
    run({ rules, checkpoint, journal, offers, afterCheckpoint, afterJournal }) {
      checkSigned(afterCheckpoint.note, rules.signingKey);
      need(afterCheckpoint.origin === rules.signingKey.name, "after-checkpoint.txt is of another log");
      need(afterCheckpoint.size >= checkpoint.size, "after-checkpoint.txt is of an earlier log");
      const same = afterCheckpoint.size > checkpoint.size || equal(afterCheckpoint.root, checkpoint.root);
      need(same, "after-checkpoint.txt is of a log with another past");
      for (const line of afterJournal) need(inTree(line, afterCheckpoint), `the event at ${line.index} is not in the tree`);
      checkAfter(afterJournal, { rules, drawn: journal.at(-1), offers });
      return ["pass", { name: afterCheckpoint.origin, size: afterCheckpoint.size }];
    },
  },
  {
    name: "offers-recomputed",
    skip,
    needs: ["after-events", "result-recomputed"],
    run(record) {
      const course = new Course(record.rules, record.drawn);
      record.course = course;
      record.recomputedOffers = "";
      const blocks = record.offers.values();
      const found = { missed: 0, returned: 0, ineligible: 0, caught: 0, assigned: 0, lapsed: 0 };
      for (const { event } of record.afterJournal) {
        if (event.kind === "shifted") course.shift(event.from, event.seconds);
        else if (event.kind === "extended") course.extend(event.from, event.until, event.seconds);
        else recompute(record, course, blocks.next().value, found);
      }
      return ["pass", found];
    },
  },
];

/** One block, from its facts; and counts what was found. */
function recompute(record, course, { number, facts, moves }, found) {
  const computed = course.offer(facts);
  const expected = computed.map(moveLine);
  const said = facts.map(({ receipt, kind }) => `- ${receipt} ${kind}`);
  record.recomputedOffers += [`offer ${number}`, ...said, ...expected].map((line) => `${line}\n`).join("");
  for (let at = 0; at < Math.max(expected.length, moves.length); at++) {
    need(expected[at] === moves[at], () =>
      `offer ${number}, move ${at + 1} is: ${moves[at] ?? "nothing"}; what follows is: ${expected[at] ?? "nothing"}`);
  }
  for (const { kind } of facts) found[kind]++;
  for (const { kind } of computed) found[kind === "caught_up" ? "caught" : kind]++;
}
