#!/usr/bin/env node
// The second verifier of a certificate of destruction: plain JavaScript, Node 18 or newer,
// nothing to install. Written from docs/reference/certificate.md to agree with verify.py in
// every verdict; whoever trusts neither the one language nor the other runs both.
//
//   node verify.mjs CERTIFICATE --key KEY [--witness KEY] [--controller KEY]   a key is a line or a file
//   node verify.mjs --many LIST     one JSON object a line: file, key, witness, controller; one verdict a line
//
// Exit code: 0 valid, 5 not valid, 2 used wrongly.

import * as crypto from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

const FORMAT = "harken-certificate-v3";
const RECEIPT = "harken-epoch-receipt-v1";
const EXTENSION = "harken-policy-extension-v2";
const FATES = { withdrawn: "w", recontact: "r", destroyed: "d", live: "l" };
const SIGNED = 1;
const COSIGNED = 4;
const DASH = "\u2014";
const SPKI = Buffer.from("302a300506032b6570032100", "hex"); // Ed25519, RFC 8410
const EMPTY = crypto.createHash("sha256").digest();

class NotValid extends Error {}

const need = (holds, reason) => {
  if (!holds) throw new NotValid(reason);
};

// ---- the nine checks -------------------------------------------------------------------

export function verify(data, publicKey, witnessKey = "", controllerKey = "") {
  let text, document;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    document = JSON.parse(text);
  } catch {
    throw new NotValid("it is not JSON in UTF-8");
  }
  need(canonical(document) + "\n" === text, "its text is not in canonical form");
  const body = document.certificate;
  need(isMap(body) && same(Object.keys(document).sort(), ["certificate", "signature"]), "it holds unknown parts");
  need(body.format === FORMAT, "its format is unknown");
  const signed = openNote(document.signature, publicKey);
  need(signed === `${FORMAT}\n${sha256(canonical(body)).toString("hex")}\n`, "the signature is over something else");
  need(body.operator === publicKey.trim(), "it names another operator");
  const witness = witnessKey.trim();
  need(witness === "" || body.witness === witness, "the witness is missing");

  const point = readCheckpoint(body, publicKey);
  const tail = readTail(body, point);
  const promises = checkPromises(body, point, tail, controllerKey.trim());
  checkPlan(body, tail);
  const roots = checkPeople(body, tail, promises);
  checkOutcomes(body, point, tail, promises, roots);
  checkEpochs(body, tail, promises.length - 1);
  checkCopies(body, tail);
  checkScan(body, tail);
  checkRecords(body, point);
  return {
    study: body.study,
    retention: body.retention,
    stage: body.stage,
    destroyed_at: body.destroyed_at,
    late: body.late,
    ...body.counts,
    epoch_keys: body.epochs.length,
    holders: body.holders.length,
    witnessed_at: point.witnessedAt,
    limits: body.limits,
  };
}

function readCheckpoint(body, publicKey) {
  const text = openNote(body.checkpoint, publicKey);
  const witnessedAt = body.witness ? openCosigned(body.checkpoint, body.witness) : 0;
  const lines = text.split("\n");
  need(lines.length === 4 && lines[3] === "", "the checkpoint has other lines");
  need(lines[0] === publicKey.split("+")[0], "the checkpoint is of another");
  need(/^(0|[1-9][0-9]{0,15})$/.test(lines[1]), "the checkpoint's size is not a number");
  return { size: Number(lines[1]), root: unbase64(lines[2]), witnessedAt };
}

function readTail(body, point) {
  const { from, entries, peaks: given } = body.tail;
  need(isCount(from) && Array.isArray(entries) && Array.isArray(given), "the tail is not one");
  const peaks = given.map(hash);
  need(peaks.length === ones(from), "the ledger's edge has a wrong length");
  need(from + entries.length === point.size, "the ledger's tail is not whole");
  entries.forEach((entry, n) => grow(peaks, from + n, leaf(bytes(entry))));
  need(bag(peaks).equals(point.root), "the ledger's tail does not give the signed root");
  const rows = entries.map((entry) => JSON.parse(entry));
  rows.forEach((row, n) => need(row.position === from + n, "an entry of the ledger is out of place"));
  return rows.filter((row) => row.study === body.study || row.study === "");
}

function checkPromises(body, point, tail, controller) {
  let policy = body.promises[0].policy;
  const version = policy.policy_version;
  const found = [{ start: 0, destroyBy: policy.destroy_by, recontactUntil: policy.recontact_until }];
  const { digest: _, ...bare } = policy;
  const known = controller === "" || body.promises.length === 1 || body.controller === controller;
  need(known, "another controller is named");
  body.promises.forEach((one, number) => {
    const row = proved(one.entry, point, body.study);
    let digest = sha256(canonical(bare)).toString("hex");
    if (number > 0) {
      const note = openNote(one.note, body.controller);
      const [first, last, reason] = note.split("\n").slice(3, 6);
      const days = [first, last];
      const lines = [EXTENSION, body.study, policy.digest, ...days, reason, ""];
      need(note === lines.join("\n"), "an extension is of something else");
      need(reason !== "", "an extension gives no reason");
      const before = found.at(-1);
      const longer = before.destroyBy < days[0] && days[0] <= days[1] && before.recontactUntil <= days[1];
      need(days.every(isDay) && longer, "an extension is not later");
      digest = sha256(bytes(one.note)).toString("hex");
      policy = { ...policy, policy_version: `${version}.${number}`, digest, destroy_by: days[0], recontact_until: days[1], reason };
      const start = row.counts.enrolled;
      need(isCount(start) && before.start <= start && start <= body.people.enrolled.length, "a later promise begins out of place");
      found.push({ start, destroyBy: days[0], recontactUntil: days[1] });
    }
    need(same(one.policy, policy) && policy.digest === digest && (one.note !== "") === number > 0, "the policy differs");
    const event = number > 0 ? "policy_extended" : "policy_bound";
    need(row.event === event && row.subject === digest, "the policy is not the one in the ledger");
  });
  const added = tail.filter((row) => row.event === "policy_extended").map((row) => row.subject);
  const digests = body.promises.map((one) => one.policy.digest);
  need(same(digests, [...body.plan.promises, ...added]), "the promises are not those in the ledger");
  need(isCount(body.plan.through) && body.plan.through < body.plan.promises.length, "the plan is of no promise");
  return found;
}

function checkPlan(body, tail) {
  const plan = body.plan;
  const digest = sha256(canonical(plan)).toString("hex");
  const first = tail[0];
  const found = [first.event, first.study, first.subject, first.position];
  const wanted = ["destruction_planned", body.study, digest, body.tail.from];
  need(same(found, wanted), "the plan is not the one in the ledger");
  for (const name of ["study", "retention"]) need(plan[name] === body[name], `the plan names another ${name}`);
  const approvals = new Map();
  for (const row of tail) {
    if (row.event === "destruction_approved" && row.subject === digest) approvals.set(row.reason, [row.role, row.by]);
  }
  for (const [side, role] of [["processor", "guardian"], ["controller", "controller"]]) {
    need((approvals.get(side) ?? [""])[0] === role, `the ${side} did not approve`);
  }
  const people = new Set([...approvals.values()].map(([, by]) => by));
  need(people.size === 2, "one person approved for both sides");
}

function checkPeople(body, tail, promises) {
  const { enrolled, fates } = body.people;
  need(new Set(enrolled).size === enrolled.length, "somebody is listed twice");
  need(fates.length === enrolled.length, "somebody has no fate, or two");
  const peaks = [];
  const roots = new Map();
  const wanted = new Set(body.earlier.map((one) => one.fates.length));
  enrolled.forEach((value, n) => {
    if (wanted.has(n)) roots.set(n, bag(peaks).toString("hex"));
    grow(peaks, n, leaf(hash(value)));
  });
  roots.set(enrolled.length, bag(peaks).toString("hex"));
  let known = body.plan.enrolled;
  for (const row of tail) {
    if (row.event === "people_enrolled") known = { root: row.subject, size: row.counts.enrolled };
  }
  need(same(known, { root: roots.get(enrolled.length), size: enrolled.length }), "the enrolled differ");
  const counts = { enrolled: fates.length };
  for (const [name, letter] of Object.entries(FATES)) counts[name] = fates.split(letter).length - 1;
  need(same(counts, body.counts), "the counts differ");
  const sum = counts.withdrawn + counts.recontact + counts.destroyed + counts.live;
  need(sum === fates.length, "the counts do not make up the enrolled");
  const next = promises[body.plan.through + 1];
  const end = next ? next.start : fates.length;
  const [mine, others] = [fates.slice(0, end), fates.slice(end)];
  if (body.retention === "recontact") need(/^[wd]*$/.test(mine), "somebody was kept beyond the end");
  else {
    need(!mine.includes("l"), "somebody lives whose promise is over");
    need(/^[lw]*$/.test(others), "somebody under a later promise does not live");
  }
  return roots;
}

function checkOutcomes(body, point, tail, promises, roots) {
  const swept = tail.filter((row) => row.event === "destruction_swept");
  need(swept.length > 0, "the ledger does not say that the destruction was done");
  const said = body.earlier.map((one) => [one.fates, proved(one.entry, point, body.study)]);
  said.push([body.people.fates, swept.at(-1)]);
  const kept = new Set();
  const gone = new Map();
  let last = -1;
  let late = london(body.destroyed_at) > promises[body.plan.through][body.retention === "recontact" ? "recontactUntil" : "destroyBy"];
  said.forEach(([fates, row], number) => {
    need(roots.has(fates.length), "an earlier destruction is of more people");
    const digest = sha256(canonical({ enrolled: roots.get(fates.length), fates })).toString("hex");
    need(row.event === "destruction_swept" && row.subject === digest, "the fates are not those in the ledger");
    const own = number === said.length - 1;
    need(last < row.position && row.position < body.tail.from !== own, "an earlier destruction is out of order");
    last = row.position;
    const day = london(own ? body.destroyed_at : row.at);
    let at = 0;
    for (let place = 0; place < fates.length; place += 1) {
      const fate = fates[place];
      need((gone.get(place) ?? fate) === fate, "somebody who was gone has come back");
      while (at + 1 < promises.length && promises[at + 1].start <= place) at += 1;
      if (fate === "d" && !gone.has(place)) {
        late ||= day > (kept.has(place) ? promises[at].recontactUntil : promises[at].destroyBy);
      }
      if (fate === "d" || fate === "w") gone.set(place, fate);
      else if (fate === "r") kept.add(place);
    }
  });
  need(body.late === true || body.late === late, "it was late and denies it");
  need(body.counts.recontact <= body.plan.counts.recontact, "more were kept than was approved");
}

function checkEpochs(body, tail, lastPromise) {
  const epochs = new Map(body.epochs.map((epoch) => [epoch.commitment, epoch]));
  const before = new Map(body.plan.epochs.map((epoch) => [epoch.commitment, epoch]));
  const made = new Map();
  const gone = new Map();
  const known = [...body.plan.holders];
  for (const row of tail) {
    if (row.event === "holder_registered" && !known.includes(row.subject)) known.push(row.subject);
    else if (row.event === "epoch_key_made") made.set(row.subject, [...known]);
    else if (row.event === "epoch_key_destroyed") gone.set(row.subject, row);
  }
  need(known.length > 0, "no holder is named");
  need(same(body.holders, known), "the holders are not those in the ledger");
  need(epochs.size === body.epochs.length, "an epoch key is listed twice");
  const wanted = new Set([...before.keys(), ...made.keys()]);
  need(wanted.size === epochs.size && [...wanted].every((one) => epochs.has(one)), "an epoch key is missing or invented");
  const live = [];
  for (const [commitment, epoch] of epochs) {
    if (!epoch.receipt) {
      live.push(epoch.retention);
      continue;
    }
    const holders = made.get(commitment) ?? before.get(commitment).holders;
    need(holders.length > 0, "an epoch key had no holder");
    for (const holder of holders) {
      need(known.includes(holder), "a holder is not registered");
      const lines = openNote(epoch.receipt, holder).split("\n").slice(0, 5);
      const right = [RECEIPT, body.study, epoch.retention, String(epoch.generation), commitment];
      need(same(lines, right), "a receipt is for another key");
    }
    const told = gone.has(commitment) || before.get(commitment)?.destroyed === true;
    need(told, "the ledger does not know of a key's destruction");
  }
  const { live: later, recontact: kept } = body.counts;
  const part = later > 0 || body.plan.through < lastPromise;
  for (const [name, must, may] of [["standard", later > 0, part], ["recontact", kept > 0, kept > 0 || later > 0]]) {
    const alive = live.filter((one) => one === name).length;
    need(Number(must) <= alive && alive <= Number(may), "an epoch key that should be dead is alive, or the reverse");
  }
  need(live.every((one) => one === "standard" || one === "recontact"), "a living epoch key is of no class");
  const end = tail.find((row) => row.event === "destruction_swept").position;
  const all = body.plan.through === lastPromise; // else others go on, and change keys without these
  const ours = [...gone.values()].filter((row) =>
    epochs.get(row.subject).retention === body.retention && (all || before.has(row.subject) || row.position < end));
  need(ours.length > 0, "no epoch key of this class was destroyed");
  need(body.destroyed_at === ours.map((row) => row.at).sort().at(-1), "the time of destruction differs");
}

function checkCopies(body, tail) {
  const copies = Object.create(null);
  for (const copy of body.copies) copies[copy.file_hash] = Boolean(copy.confirmed_at);
  need(Object.keys(copies).length === body.copies.length, "a copy is listed twice");
  const known = Object.create(null);
  for (const copy of body.plan.copies) known[copy.file_hash] = copy.confirmed;
  const backups = new Set(body.plan.backups);
  let expected = body.plan.witness;
  for (const row of tail) {
    if (row.event === "copy_handed_over") known[row.subject] ??= false;
    else if (row.event === "copy_confirmed") known[row.subject] = true;
    else if (row.event === "backup_made") backups.add(row.subject);
    else if (row.event === "witness_appointed") expected = row.subject;
  }
  need(same(copies, known), "the register of copies differs from the ledger");
  const listed = new Set(body.backups);
  need(listed.size === backups.size && [...backups].every((one) => listed.has(one)), "the list of backups differs");
  const seen = body.witness === expected;
  need(seen || !body.witness, "another witness signed than was appointed");
  const stage = Object.values(known).every((one) => one) && seen ? "final" : "provisional";
  need(body.stage === stage, `its stage should be ${stage}`);
}

function checkScan(body, tail) {
  const scans = tail.filter((row) => row.event === "destruction_scanned");
  need(scans.length > 0, "no scan was made");
  need(same(scans.at(-1).counts, body.scan), "the scan is not the one in the ledger");
  need(body.scan.found === 0 && body.scan.opened === 0, "the scan found something");
}

function checkRecords(body, point) {
  const seen = new Set();
  const judged = body.plan.kept?.judged ?? "";
  let passes = judged === "";
  for (const record of body.records) {
    const row = proved(record, point, body.study);
    seen.add(row.position);
    passes ||= row.position < body.tail.from && row.event === "kept_file_judged" &&
      row.subject === judged && row.reason === "passes";
  }
  need(seen.size === body.records.length, "a record is listed twice");
  need(passes, "the kept file was not judged before the plan");
}

function proved(entry, point, study) {
  const row = JSON.parse(entry.body);
  need(isCount(row.position) && row.position === entry.position, "an entry is out of its place");
  const found = rootByProof(leaf(bytes(entry.body)), entry.position, point.size, entry.proof.map(hash));
  need(found.equals(point.root), "an entry is not in the ledger");
  need(row.study === study, "an entry is of another study");
  return row;
}

// ---- signed notes (C2SP signed-note, tlog-cosignature) -----------------------------------

function openNote(note, publicKey) {
  const { text, signature, key } = readNote(note, publicKey, SIGNED);
  need(crypto.verify(null, bytes(text), key, signature), "a signature is missing or wrong");
  return text;
}

function openCosigned(note, witnessKey) {
  const { text, signature, key } = readNote(note, witnessKey, COSIGNED);
  need(signature.length === 72, "the witness signed otherwise");
  const at = signature.readBigUInt64BE(0);
  const message = bytes(`cosignature/v1\ntime ${at}\n${text}`);
  need(crypto.verify(null, message, key, signature.subarray(8)), "the witness signed otherwise");
  need(at < BigInt(Number.MAX_SAFE_INTEGER) + 1n, "the witness's time is beyond reason");
  return Number(at);
}

function readNote(note, publicKey, kind) {
  const [name, number, ...rest] = publicKey.trim().split("+");
  const raw = unbase64(rest.join("+"));
  const expected = sha256(Buffer.concat([bytes(name + "\n"), raw])).subarray(0, 4);
  need(raw.length === 33 && raw[0] === kind && expected.toString("hex") === number, "a public key is not one");
  const end = note.lastIndexOf("\n\n");
  need(end >= 0, "a note has no signatures");
  const text = note.slice(0, end) + "\n";
  for (const line of note.slice(end + 2).replace(/\n$/, "").split("\n")) {
    const parts = line.split(" ");
    need(parts.length === 3, "a signature line is not one");
    const data = unbase64(parts[2]);
    if (parts[0] === DASH && parts[1] === name && data.subarray(0, 4).equals(expected)) {
      const key = crypto.createPublicKey({ key: Buffer.concat([SPKI, raw.subarray(1)]), format: "der", type: "spki" });
      return { text, signature: data.subarray(4), key };
    }
  }
  throw new NotValid("a signature is missing or wrong");
}

// ---- Merkle tree (RFC 6962) --------------------------------------------------------------

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
// One call for each hash where Node has it (20.12 and later): twice as fast.
const hashOf = crypto.hash ? (data) => crypto.hash("sha256", data, "buffer") : (data) => crypto.createHash("sha256").update(data).digest();
const sha256 = (data) => hashOf(Buffer.from(data));
const leaf = (data) => hashOf(Buffer.concat([LEAF, data]));
const node = (left, right) => hashOf(Buffer.concat([NODE, left, right]));

function grow(peaks, size, value) {
  let rest = size;
  while (rest % 2 === 1) {
    value = node(peaks.pop(), value);
    rest = Math.floor(rest / 2);
  }
  peaks.push(value);
}

function bag(peaks) {
  if (peaks.length === 0) return EMPTY;
  return peaks.reduceRight((root, peak) => node(peak, root));
}

// RFC 9162, 2.1.3.1 read from the root down.
function rootByProof(value, index, size, proof) {
  need(isCount(index) && index < size, "an entry's position is beyond the ledger");
  need(proof.length > 0 === size > 1, "a proof is too short or too long");
  if (size === 1) return value;
  let left = 1;
  while (left * 2 < size) left *= 2;
  const [inner, sibling] = [proof.slice(0, -1), proof.at(-1)];
  if (index < left) return node(rootByProof(value, index, left, inner), sibling);
  return node(sibling, rootByProof(value, index - left, size - left, inner));
}

const ones = (number) => number.toString(2).replaceAll("0", "").length;

// ---- plain values --------------------------------------------------------------------------

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (one, other) => canonical(one) === canonical(other);

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isMap(value)) {
    const parts = Object.keys(value).sort(byCodePoint).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${parts.join(",")}}`;
  }
  if (typeof value === "number") need(Number.isSafeInteger(value) && !Object.is(value, -0), "a number is not whole");
  const text = JSON.stringify(value);
  need(text !== undefined, "a value is missing");
  return text;
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}

// The day in London of a time in UTC: summer time is between two last Sundays.
function london(text) {
  need(typeof text === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(text), "a time is not one in UTC");
  const moment = new Date(text);
  need(!Number.isNaN(moment.getTime()), "a time is not one in UTC");
  const turns = [2, 9].map((month) => {
    const last = new Date(Date.UTC(moment.getUTCFullYear(), month, 31, 1));
    return last.getTime() - last.getUTCDay() * 86_400_000;
  });
  const summer = turns[0] <= moment.getTime() && moment.getTime() < turns[1];
  return new Date(moment.getTime() + (summer ? 3_600_000 : 0)).toISOString().slice(0, 10);
}

function byCodePoint(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]; // UTF-8 sorts as code points do
  return Buffer.compare(left, right);
}

function bytes(text) {
  need(typeof text === "string", "a text is missing");
  return Buffer.from(text, "utf8");
}

function hash(text) {
  need(typeof text === "string" && /^[0-9a-f]{64}$/.test(text), "a hash is not one");
  return Buffer.from(text, "hex");
}

function unbase64(text) {
  need(typeof text === "string", "a part is not plain base64");
  const data = Buffer.from(text, "base64");
  need(data.toString("base64") === text, "a part is not plain base64");
  return data;
}

// ---- the command ---------------------------------------------------------------------------

function verdict(file, ...keys) {
  try {
    return { valid: true, shown: verify(readFileSync(file), ...keys) };
  } catch (error) {
    if (error instanceof NotValid) return { valid: false, reason: error.message };
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError) {
      return { valid: false, reason: `it is not of the format described (${error.name})` };
    }
    throw error;
  }
}

const keyOf = (value) => (value.includes("+") || !existsSync(value) ? value : readFileSync(value, "utf8").trim());

function main(words) {
  if (words[0] === "--many" && words.length === 2) {
    for (const line of readFileSync(words[1], "utf8").trim().split("\n")) {
      const { file, key, witness, controller } = JSON.parse(line);
      console.log(JSON.stringify(verdict(file, key, witness, controller)));
    }
    return 0;
  }
  const given = { "--key": "", "--witness": "", "--controller": "" };
  for (let n = 1; n < words.length; n += 2) {
    if (!(words[n] in given) || words[n + 1] === undefined) return usage();
    given[words[n]] = keyOf(words[n + 1]);
  }
  if (words.length === 0 || given["--key"] === "") return usage();
  const { valid, reason, shown } = verdict(words[0], ...Object.values(given));
  if (!valid) {
    console.error(`NOT VALID: ${reason}`);
    return 5;
  }
  const parts = Object.keys(FATES).map((name) => `${name} ${shown[name]}`);
  console.log(
    `VALID (${shown.stage}): ${shown.study}, ${shown.retention}. Enrolled ${shown.enrolled} = ${parts.join(" + ")}. ` +
      `Destroyed at ${shown.destroyed_at}${shown.late ? ", LATE" : ""}.\n${shown.limits}`,
  );
  return 0;
}

function usage() {
  console.error("Usage: node verify.mjs CERTIFICATE --key KEY [--witness KEY] [--controller KEY]");
  return 2;
}

process.exitCode = main(process.argv.slice(2));
