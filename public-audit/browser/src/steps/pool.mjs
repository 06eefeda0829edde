import { claimsOn } from "../amounts.mjs";
import { toHex } from "../bytes.mjs";
import { leafHashes, root } from "../merkle.mjs";
import { checkCapacity, checkCells, readPool } from "../pool.mjs";
import { need } from "../refusal.mjs";
import { sha256Hex } from "../sha256.mjs";

const LF = 10;

export const poolSteps = [
  {
    name: "pool-form",
    files: ["pool.txt"],
    needs: ["rules-form"],
    run(record) {
      record.pool = readPool(record.files.get("pool.txt"), record.rules, record.progress("pool"));
      return ["pass", { count: record.pool.lines.count }];
    },
  },
  {
    name: "pool-digest",
    files: ["pool.txt"],
    needs: ["seal-form"],
    run({ files, seal }) {
      const pool = files.get("pool.txt");
      const count = pool.reduce((lines, byte) => (byte === LF ? lines + 1 : lines), 0);
      need(sha256Hex(pool) === seal.poolDigest, "another pool was sealed");
      need(BigInt(count) === seal.entries, `${seal.entries} entries were sealed, ${count} are here`);
      return ["pass", { count }];
    },
  },
  {
    name: "pool-root",
    needs: ["pool-form", "seal-form"],
    run(record) {
      record.leaves = leafHashes(record.pool.lines, record.progress("tree"));
      record.poolRoot = toHex(root(record.leaves));
      need(record.poolRoot === record.seal.root, `the root of this pool is ${record.poolRoot}, that of the seal ${record.seal.root}`);
      return ["pass", { root: record.poolRoot }];
    },
  },
  {
    name: "smallest-cell",
    needs: ["pool-form"],
    run({ pool, rules }) {
      const { cells, smallest } = checkCells(pool, rules);
      return cells < 2 ? ["one"] : ["pass", { cells, smallest }];
    },
  },
  {
    name: "capacity",
    needs: ["pool-form"],
    run({ pool, rules }) {
      if (rules.mode === "lottery") return ["lottery"];
      checkCapacity(pool, rules);
      return ["pass"];
    },
  },
  {
    name: "funds",
    needs: ["pool-form"],
    run({ pool, rules }) {
      if (rules.funds.length === 0) return ["none"];
      const claims = claimsOn(rules.funds, pool.entries);
      for (const { name, sum, budget } of claims) need(sum <= budget, `fund ${name}: ${sum} won to pay, ${budget} there`);
      return ["pass", { claims: claims.map(({ name, sum, budget }) => `${name} ${sum}/${budget}`).join(", ") }];
    },
  },
];
