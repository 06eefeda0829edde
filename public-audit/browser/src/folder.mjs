// A record from a folder of this machine, for Node. The page has its own ways.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { checkSizes, LARGEST_MANIFEST, namesToRead } from "./manifest.mjs";

/** A Map from name to bytes, of those files that a verification looks at. */
export async function readFolder(dir) {
  const there = new Set(await readdir(dir));
  const size = async (name) => (await stat(join(dir, name))).size;
  const small = there.has("manifest.txt") && (await size("manifest.txt")) <= LARGEST_MANIFEST;
  const names = namesToRead(small ? await readFile(join(dir, "manifest.txt")) : null).filter((name) => there.has(name));
  checkSizes(await Promise.all(names.map(async (name) => [name, await size(name)])));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name))])));
}
