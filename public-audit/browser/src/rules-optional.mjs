// The keys of rules.json that may be left out (SPEC §5): several funds, a weighting, and what happens after the draw.

import { instant, value } from "./grammar.mjs";
import { array, different, object, string, whole } from "./json.mjs";
import { readMatch, sameCohort } from "./matching.mjs";
import { need } from "./refusal.mjs";
import { MOST_WON, readSlot } from "./rules.mjs";

export const OPTIONAL = ["funds", "weighting", "after"];

// A hundred seats of all of them have sixteen digits, as many as a number has.
const MOST_PER_SEAT = 10n ** 14n - 1n;

export function readOptional(found, rules) {
  rules.funds = found.funds === undefined ? [] : readFunds(found.funds, rules);
  rules.weighting = found.weighting === undefined ? null : readWeighting(found.weighting, rules);
  rules.after = found.after === undefined ? null : readAfter(found.after, rules);
}

function readFunds(found, rules) {
  need(rules.mode === "everyone" && !rules.fields.includes("want"), "funds are for everyone, and then nobody wants an amount");
  const funds = array(found, "funds", 1, 100).map((one) => {
    const fund = object(one, "a fund", ["name", "match", "per_seat", "budget"]);
    return {
      name: value(string(fund.name, "a fund's name"), "a fund's name"),
      match: readMatch(fund.match, rules.fields),
      perSeat: whole(fund.per_seat, "per_seat", 1n, MOST_WON),
      budget: whole(fund.budget, "a fund's budget", 1n, MOST_WON),
    };
  });
  different(funds.map(({ name }) => name), "the names of funds");
  const all = funds.reduce((sum, { perSeat }) => sum + perSeat, 0n);
  need(all <= MOST_PER_SEAT, `all funds together pay ${all} won a seat`);
  return funds;
}

function readWeighting(found, rules) {
  const weighting = object(found, "weighting", ["per_miss", "most", "rounds"]);
  const [perMiss, most, rounds] = ["per_miss", "most", "rounds"].map((key) => Number(whole(weighting[key], key, 1n, 1000n)));
  need(most <= 1 + perMiss * rounds, "most is more than the rounds can give");
  need(rules.fields.includes("weight"), "a weighting, and weight is not published");
  return { perMiss, most };
}

function readAfter(found, rules) {
  const { catch_up, offers_at, lead_seconds } = object(found, "after", ["catch_up", "offers_at", "lead_seconds"]);
  const catchUp = array(catch_up, "catch_up", 0, 10_000).map((slot) => readSlot(slot, rules));
  different([...rules.slots, ...catchUp].map(({ name }) => name), "the names of slots");
  const cohorts = new Set(rules.slots.map(({ cohort }) => sameCohort(cohort)));
  const first = rules.slots.reduce((earliest, { startsAt }) => Math.min(earliest, startsAt), Infinity);
  for (const { name, part, cohort, startsAt } of catchUp) {
    need(rules.parts.includes(part), `slot ${name} is in no part`);
    need(cohorts.has(sameCohort(cohort)), `slot ${name} is of a cohort that has no other slot`);
    need(startsAt >= first, `slot ${name} is before all others`);
  }
  const offersAt = array(offers_at, "offers_at", 1, 1000).map((one) => instant(string(one, "offers_at"), "offers_at"));
  const ascending = offersAt.every((at, number) => (number === 0 ? rules.times.results_at : offersAt[number - 1]) < at);
  need(ascending, "offers_at does not ascend from results_at");
  return { catchUp, offersAt, leadSeconds: Number(whole(lead_seconds, "lead_seconds", 0n, 604_800n)) };
}
