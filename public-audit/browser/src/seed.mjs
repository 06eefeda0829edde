// seed-input.txt (SPEC §7): all that the draw depends on.

import { hex32, slug } from "./grammar.mjs";
import { Lines } from "./lines.mjs";
import { need } from "./refusal.mjs";
import { sha256Hex } from "./sha256.mjs";

export const ZERO = "0".repeat(64);

export const commitmentTo = (organiserSeed) => sha256Hex(`jebi-commit-1\n${organiserSeed}\n`);

export function readSeedInput(bytes) {
  const lines = new Lines(bytes, "seed-input.txt", { most: 7, longest: 256 });
  need(lines.count === 7, "seed-input.txt has not seven lines");
  const [first, round, rulesDigest, root, organiserSeed, dice, pulse] = lines;
  need(first === "jebi-seed-1", "seed-input.txt is of another format");
  need(/^(?:-|[0-9]{1,256})$/.test(dice), "the dice are neither - nor 1 to 256 digits");
  return {
    round: slug(round, "the round"),
    rulesDigest: hex32(rulesDigest, "the digest of the rules"),
    root: hex32(root, "the root"),
    organiserSeed: hex32(organiserSeed, "the organiser seed"),
    dice,
    pulse: hex32(pulse, "the pulse"),
    drawSeed: sha256Hex(bytes),
  };
}
