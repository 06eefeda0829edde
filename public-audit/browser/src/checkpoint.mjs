// checkpoint.txt and after-checkpoint.txt: the signed root of the journal (C2SP tlog-checkpoint, three lines and no more).

import { fromBase64, utf8 } from "./bytes.mjs";
import { number } from "./grammar.mjs";
import { leafHash, pathLeads } from "./merkle.mjs";
import { readNote } from "./note.mjs";
import { need } from "./refusal.mjs";

export function readCheckpoint(bytes, what = "checkpoint.txt") {
  const note = readNote(bytes, what);
  const lines = note.text.split("\n");
  need(lines.length === 4 && lines[3] === "", `${what} has not three lines`);
  const root = fromBase64(lines[2], `the root of ${what}`);
  need(root.length === 32, `the root of ${what} is not 32 bytes`);
  return { note, origin: lines[0], size: number(lines[1], `the size of ${what}`), root };
}

/** Whether a line of journal.txt is in the tree of the checkpoint. */
export const inTree = ({ index, path, line }, checkpoint) =>
  pathLeads(leafHash(utf8(line)), index, checkpoint.size, path, checkpoint.root);
