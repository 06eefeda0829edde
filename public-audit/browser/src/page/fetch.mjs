// The files of a record from the site that served the page.

import { checkSizes, namesToRead } from "../manifest.mjs";

/** A file that the site should have sent, or said that it has not. */
export class NotFetched extends Error {}

/** A Map of those of the files that are there. */
export async function fetchFiles(address, names, tell) {
  const files = new Map();
  for (const name of names) {
    tell.fetching(name);
    const bytes = await fetchFile(new URL(name, address), name, files);
    if (bytes) files.set(name, bytes);
  }
  return files;
}

export async function fetchRecord(address, tell) {
  const manifest = await fetchFiles(address, ["manifest.txt"], tell);
  const names = namesToRead(manifest.get("manifest.txt")).filter((name) => name !== "manifest.txt");
  return new Map([...manifest, ...(await fetchFiles(address, names, tell))]);
}

/** Null if it is not there. Stops in the middle of what is too large, whatever its length was said to be. */
async function fetchFile(url, name, before) {
  const sizes = [...before].map(([other, bytes]) => [other, bytes.length]);
  const pieces = [];
  let size = 0;
  let answer;
  try {
    answer = await fetch(url, { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" });
  } catch {
    throw new NotFetched(name);
  }
  // 204 says that there is none yet, without a complaint on the console.
  if ([204, 404].includes(answer.status)) return null;
  if (!answer.ok) throw new NotFetched(name);
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new NotFetched(name);
    });
    if (done) break;
    size += value.length;
    checkSizes([...sizes, [name, size]]);
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
