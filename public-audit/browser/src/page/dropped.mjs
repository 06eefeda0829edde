// The files that one has chosen or dropped, as `[[name, File]]`: a record's files, wherever in a folder it lies.

import { FILES } from "../manifest.mjs";

/** What a folder may have at most; somebody may drop their whole disk. */
const MOST_FILES = 5000;

export function readPicked(input) {
  const files = nearestFolder([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
  // So that the same folder can be chosen once more.
  input.value = "";
  return files;
}

/** What is dropped must be asked for at once: afterwards the browser has forgotten it. */
export async function readDropped(transfer) {
  const dropped = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = [];
  for (const { entry, file } of dropped) {
    if (entry) await walk(entry, found);
    else if (file) found.push([file.name, file]);
  }
  return nearestFolder(found);
}

async function walk(entry, found) {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    found.push([entry.fullPath.slice(1), await new Promise((done, fail) => entry.file(done, fail))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // It gives a hundred at a time, and none at the end.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}

/** The files of the folder nearest to the top that has a file of a record, or of none. */
function nearestFolder(files) {
  const split = files.map(([path, file]) => [path.slice(0, path.lastIndexOf("/") + 1), path.slice(path.lastIndexOf("/") + 1), file]);
  const folders = split.filter(([, name]) => FILES.includes(name)).map(([folder]) => folder);
  const nearest = folders.sort((left, right) => left.length - right.length)[0];
  return split.filter(([folder]) => folder === nearest).map(([, name, file]) => [name, file]);
}
