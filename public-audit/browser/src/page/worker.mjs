// Does what would stop the page. It is asked one thing at a time:
//
//   { verify: [[name, File]] }                  the whole record, from files
//   { fetch: address }                          the whole record, from a site's folder
//   { light: address, receipt }                 one receipt, from a site's folder
//   { mine: receipt }                           about the record that was verified before
//   { note: text }                              a signed receipt against that record
//
// and answers with { progress }, { fetching }, { check }, and at last { done } or { trouble }.

import { canCheckNotes, checkEntryNote } from "../entry-note.mjs";
import { lightCheck, LIGHT_FILES } from "../light.mjs";
import { checkSizes, LARGEST_MANIFEST, namesToRead } from "../manifest.mjs";
import { mineOf } from "../mine.mjs";
import { TooLarge } from "../refusal.mjs";
import { holds } from "../report.mjs";
import { chanceOf } from "../rules-check.mjs";
import { verify } from "../verify.mjs";
import { fetchFiles, fetchRecord, NotFetched } from "./fetch.mjs";

export function startWorker(self) {
  const tell = {
    check: (check) => self.postMessage({ check }),
    progress: (progress) => self.postMessage({ progress }),
    fetching: (fetching) => self.postMessage({ fetching }),
  };
  let record = null;

  const whole = (files) => {
    const verified = verify(files, tell);
    record = verified.record;
    const matches = holds(verified.checks);
    const can = { canAsk: matches, canCheckNotes: canCheckNotes(verified.checks) };
    self.postMessage({ done: { kind: "whole", matches, ...can, chance: record.rules && chanceOf(record.rules) } });
  };

  const light = async (address, receipt) => {
    const files = await fetchFiles(address, LIGHT_FILES, tell);
    const proof = await fetchFiles(address, [`paths/${receipt}`], tell);
    if (proof.size === 0) throw new Trouble("no-proof");
    files.set("paths", [...proof.values()][0]);
    const { checks, mine, chance } = lightCheck(files, receipt, tell);
    self.postMessage({ done: { kind: "light", matches: holds(checks), mine, chance } });
  };

  self.onmessage = async ({ data }) => {
    try {
      if (data.verify) whole(await readFiles(data.verify));
      if (data.fetch) whole(await fetchRecord(data.fetch, tell));
      if (data.light) await light(data.light, data.receipt);
      if (data.mine) self.postMessage({ mine: mineOf(record, data.mine), receipt: data.mine });
      if (data.note !== undefined) self.postMessage({ noted: checkEntryNote(record, data.note) });
    } catch (error) {
      self.postMessage({ trouble: troubleOf(error) });
    }
  };
}

class Trouble extends Error {}

/** What to say, and what to add for those who want to report it. */
function troubleOf(error) {
  if (error instanceof Trouble) return { key: error.message };
  if (error instanceof NotFetched) return { key: "not-fetched", values: { name: error.message } };
  if (error instanceof TooLarge) return { key: "too-large", detail: error.message };
  return { key: "verdict-unread", detail: String(error) };
}

/** Of a folder with much else in it only what belongs to the record is read. */
async function readFiles(found) {
  const files = new Map(found);
  const read = async (name) => new Uint8Array(await files.get(name).arrayBuffer());
  const small = files.has("manifest.txt") && files.get("manifest.txt").size <= LARGEST_MANIFEST;
  const names = namesToRead(small ? await read("manifest.txt") : null).filter((name) => files.has(name));
  checkSizes(names.map((name) => [name, files.get(name).size]));
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)])));
}
