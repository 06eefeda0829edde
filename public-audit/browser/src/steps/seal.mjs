import { instantText } from "../grammar.mjs";
import { checkSigned } from "../note.mjs";
import { need } from "../refusal.mjs";
import { readRules } from "../rules.mjs";
import { checkPulseToCome, readSeal } from "../seal.mjs";
import { sha256Hex } from "../sha256.mjs";

export const sealSteps = [
  {
    name: "rules-form",
    files: ["rules.json"],
    run(record) {
      record.rulesDigest = sha256Hex(record.files.get("rules.json"));
      record.rules = readRules(record.files.get("rules.json"));
      const { round, number, mode } = record.rules;
      return ["pass", { round, number, mode }];
    },
  },
  {
    name: "seal-form",
    files: ["seal.txt"],
    run(record) {
      record.seal = readSeal(record.files.get("seal.txt"));
      const { version, entries, sealedAt } = record.seal;
      return ["pass", { version, entries, at: instantText(sealedAt) }];
    },
  },
  {
    name: "seal-signature",
    needs: ["rules-form", "seal-form"],
    run({ rules, seal }) {
      checkSigned(seal.note, rules.signingKey);
      return ["pass", { name: rules.signingKey.name }];
    },
  },
  {
    name: "seal-rules",
    needs: ["rules-form", "seal-form"],
    run({ rules, rulesDigest, seal }) {
      need(seal.round === rules.round, "the seal is of another round");
      need(seal.rulesDigest === rulesDigest, "other rules were sealed");
      checkPulseToCome(seal, rules);
      return ["pass", { digest: rulesDigest }];
    },
  },
  {
    name: "seal-time",
    needs: ["rules-form", "seal-form"],
    run({ rules: { times }, seal }) {
      need(seal.sealedAt >= times.closes_at, "sealed before the close");
      need(seal.sealedAt < times.pulse_at, "not sealed before the pulse");
      return ["pass", { at: instantText(times.pulse_at) }];
    },
  },
];
