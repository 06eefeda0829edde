// The folders around: the worked example, and the vectors.

import { readdirSync, readFileSync } from "node:fs";

const AUDIT = new URL("../../../", import.meta.url);

export const readJson = (path) => JSON.parse(readFileSync(new URL(path, AUDIT), "utf8"));

/** A Map from name to bytes, as fresh as the caller may wish to change it. */
export function exampleRecord(name = "example/") {
  const folder = new URL(name, AUDIT);
  return new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))]));
}

/** The blocks of SPEC §1, and those of §14 that begin with "after ", by what stands behind their three backticks. */
export function specBlocks() {
  const spec = readFileSync(new URL("SPEC.md", AUDIT), "utf8");
  return new Map([...spec.matchAll(/^```text ([a-z. -]+)\n([^]*?)^```$/gm)].map(([, name, text]) => [name, text]));
}
