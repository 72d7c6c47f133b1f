#!/usr/bin/env node
// The second verifier of a certificate of destruction: plain JavaScript, Node 18 or newer,
// nothing to install. Written from docs/reference/certificate.md to agree with verify.py in
// every verdict; whoever trusts neither the one language nor the other runs both.
//
//   node verify.mjs CERTIFICATE --key KEY [--witness KEY]     a key is a line or a file
//   node verify.mjs --many LIST      one JSON object a line: file, key, witness; one verdict a line
//
// Exit code: 0 valid, 5 not valid, 2 used wrongly.

import * as crypto from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

const FORMAT = "harken-certificate-v2";
const RECEIPT = "harken-epoch-receipt-v1";
const SIGNED = 1;
const COSIGNED = 4;
const DASH = "\u2014";
const SPKI = Buffer.from("302a300506032b6570032100", "hex"); // Ed25519, RFC 8410
const EMPTY = crypto.createHash("sha256").digest();

class NotValid extends Error {}

const need = (holds, reason) => {
  if (!holds) throw new NotValid(reason);
};

// ---- the ten checks --------------------------------------------------------------------

export function verify(data, publicKey, witnessKey = "") {
  let text;
  let document;
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
  checkPolicy(body, point);
  checkPlan(body, tail);
  const root = checkPeople(body, tail);
  checkOutcome(body, tail, root);
  checkEpochs(body, tail);
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

function checkPolicy(body, point) {
  const { digest, ...policy } = body.policy;
  need(sha256(canonical(policy)).toString("hex") === digest, "the policy differs");
  const row = proved(body.policy_entry, point);
  const agrees = row.event === "policy_bound" && row.study === body.study && row.subject === digest;
  need(agrees, "the policy is not the one in the ledger");
}

function checkPlan(body, tail) {
  const plan = body.plan;
  const digest = sha256(canonical(plan)).toString("hex");
  const first = tail[0];
  need(
    first && first.event === "destruction_planned" && first.subject === digest &&
      first.study === body.study && first.position === body.tail.from,
    "the plan is not the one in the ledger",
  );
  for (const name of ["study", "retention"]) need(plan[name] === body[name], `the plan names another ${name}`);
  const holders = [...plan.holders];
  for (const row of tail) {
    if (row.event === "holder_registered" && !holders.includes(row.subject)) holders.push(row.subject);
  }
  need(holders.length > 0, "no holder is named");
  need(same(body.holders, holders), "the holders are not those in the ledger");
  need(plan.policy === body.policy.digest, "the plan is under another policy");
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

function checkPeople(body, tail) {
  const { enrolled, fates } = body.people;
  need(new Set(enrolled).size === enrolled.length, "somebody is listed twice");
  need(fates.length === enrolled.length, "somebody has no fate, or two");
  const peaks = [];
  enrolled.forEach((value, n) => grow(peaks, n, leaf(hash(value))));
  const root = bag(peaks).toString("hex");
  let known = body.plan.enrolled;
  for (const row of tail) {
    if (row.event === "people_enrolled") known = { root: row.subject, size: row.counts.enrolled };
  }
  need(same(known, { root, size: enrolled.length }), "the enrolled differ");
  const counts = { enrolled: fates.length, withdrawn: 0, recontact: 0, destroyed: 0 };
  const names = { w: "withdrawn", r: "recontact", d: "destroyed" };
  for (const letter of fates) if (names[letter]) counts[names[letter]] += 1;
  need(same(counts, body.counts), "the counts differ from the people");
  need(
    counts.enrolled === counts.withdrawn + counts.recontact + counts.destroyed,
    "withdrawn, recontact and destroyed do not make up the enrolled",
  );
  return root;
}

function checkOutcome(body, tail, root) {
  const digest = sha256(canonical({ enrolled: root, fates: body.people.fates })).toString("hex");
  const swept = tail.filter((row) => row.event === "destruction_swept");
  need(swept.length > 0, "the ledger does not say that the destruction was done");
  need(swept.at(-1).subject === digest, "the fates are not those in the ledger");
  need(body.counts.recontact <= body.plan.counts.recontact, "more were kept than was approved");
  if (body.retention === "recontact") need(body.counts.recontact === 0, "somebody was kept beyond the end");
}

function checkEpochs(body, tail) {
  const epochs = new Map(body.epochs.map((epoch) => [epoch.commitment, epoch]));
  const before = new Map(body.plan.epochs.map((epoch) => [epoch.commitment, epoch]));
  const made = new Map();
  const gone = new Map();
  const known = [...body.plan.holders];
  for (const row of tail) {
    if (row.event === "holder_registered" && !known.includes(row.subject)) known.push(row.subject);
    else if (row.event === "epoch_key_made") made.set(row.subject, [...known]);
    else if (row.event === "epoch_key_destroyed") gone.set(row.subject, row.at);
  }
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
  const allowed = body.counts.recontact ? ["recontact"] : [];
  need(same(live, allowed), "an epoch key that should be dead is alive, or the reverse");
  const ours = [...gone.keys()].filter((one) => epochs.get(one).retention === body.retention);
  need(ours.length > 0, "no epoch key of this class was destroyed");
  const times = ours.map((one) => gone.get(one)).sort();
  need(body.destroyed_at === times.at(-1), "the time of destruction differs");
  const day = body.policy[{ standard: "destroy_by", recontact: "recontact_until" }[body.retention]];
  need(typeof day === "string", "the policy names no day");
  need(body.late || body.destroyed_at.slice(0, 10) <= day, "it was late and denies it");
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
    const row = proved(record, point);
    need(row.study === body.study, "a record is of another study");
    seen.add(row.position);
    passes ||= row.position < body.tail.from && row.event === "kept_file_judged" &&
      row.subject === judged && row.reason === "passes";
  }
  need(seen.size === body.records.length, "a record is listed twice");
  need(passes, "the kept file was not judged before the plan");
}

function proved(entry, point) {
  const row = JSON.parse(entry.body);
  need(isCount(row.position) && row.position === entry.position, "an entry is out of its place");
  const found = rootByProof(leaf(bytes(entry.body)), entry.position, point.size, entry.proof.map(hash));
  need(found.equals(point.root), "an entry is not in the ledger");
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

function rootByProof(value, index, size, proof) {
  need(isCount(index) && index < size, "an entry's position is beyond the ledger");
  let place = index;
  let last = size - 1;
  const half = () => {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  };
  for (const sibling of proof) {
    need(last > 0, "a proof is too long");
    if (place % 2 === 1 || place === last) {
      value = node(sibling, value);
      while (place % 2 === 0 && place > 0) half();
    } else {
      value = node(value, sibling);
    }
    half();
  }
  need(last === 0, "a proof is too short");
  return value;
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

function verdict(file, key, witness) {
  try {
    return { valid: true, shown: verify(readFileSync(file), key, witness) };
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
      const { file, key, witness } = JSON.parse(line);
      console.log(JSON.stringify(verdict(file, key, witness)));
    }
    return 0;
  }
  const given = { "--key": "", "--witness": "" };
  for (let n = 1; n < words.length; n += 2) {
    if (!(words[n] in given) || words[n + 1] === undefined) return usage();
    given[words[n]] = keyOf(words[n + 1]);
  }
  if (words.length === 0 || given["--key"] === "") return usage();
  const { valid, reason, shown } = verdict(words[0], given["--key"], given["--witness"]);
  if (!valid) {
    console.error(`NOT VALID: ${reason}`);
    return 5;
  }
  console.log(
    `VALID (${shown.stage}): ${shown.study}, ${shown.retention}. Enrolled ${shown.enrolled} = withdrawn ` +
      `${shown.withdrawn} + recontact ${shown.recontact} + destroyed ${shown.destroyed}. ` +
      `Destroyed at ${shown.destroyed_at}${shown.late ? ", LATE" : ""}.\n${shown.limits}`,
  );
  return 0;
}

function usage() {
  console.error("Usage: node verify.mjs CERTIFICATE --key KEY [--witness KEY]");
  return 2;
}

process.exitCode = main(process.argv.slice(2));
