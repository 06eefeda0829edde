// What the keys of rules.json must say about each other.

import { isDrandKey } from "./drand.mjs";
import { different } from "./json.mjs";
import { need } from "./refusal.mjs";

const QUICKNET = {
  chainHash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  genesisTime: 1_692_803_367n,
  period: 3n,
};

const isQuicknet = ({ chainHash }) => chainHash === QUICKNET.chainHash;

/** Where chance comes from: `quicknet`, the chain that everybody knows, or the kind of another beacon. */
export const chanceOf = ({ beacon }) => (isQuicknet(beacon) ? "quicknet" : beacon.kind);

export function checkRules(rules) {
  need(rules.goods.cap % rules.goods.unit === 0n, "cap is not a multiple of unit");
  need(!rules.parts.includes("any"), "a part is called any");
  checkReserves(rules);
  different(rules.slots.map((slot) => slot.name), "the names of slots");
  for (const slot of rules.slots) need(rules.parts.includes(slot.part), `slot ${slot.name} is in no part`);
  checkTimes(rules);
  if (rules.beacon.kind === "drand") checkDrand(rules.beacon, rules.times.pulse_at);
}

function checkReserves({ mode, reserves }) {
  need((mode === "lottery") === reserves.length > 0, "a lottery, and nothing else, has reserves");
  const names = different(reserves.map((reserve) => reserve.name), "the names of reserves");
  reserves.forEach(({ name, spill }, at) => {
    need(spill === null || names.indexOf(spill) > at, `reserve ${name} spills into none after it`);
  });
}

function checkTimes({ times, slots }) {
  const first = slots.reduce((earliest, slot) => Math.min(earliest, slot.startsAt), Infinity);
  const inOrder =
    times.opens_at < times.closes_at && times.closes_at <= times.seals_at && times.seals_at <= times.reveals_at &&
    times.reveals_at < times.pulse_at && times.pulse_at <= times.results_at && times.results_at <= first;
  need(inOrder, "times are not in order");
}

function checkDrand(beacon, pulseAt) {
  need(isDrandKey(beacon.publicKey), "public_key is not a point of its group");
  const wait = BigInt(pulseAt) - beacon.genesisTime;
  need(wait >= 0n, "the pulse would be before the first round of the chain");
  need(beacon.round === (wait + beacon.period - 1n) / beacon.period + 1n, "round is not the first at or after pulse_at");
  if (!isQuicknet(beacon)) return;
  for (const key of Object.keys(QUICKNET)) need(beacon[key] === QUICKNET[key], "the chain is not quicknet as it is known");
}
