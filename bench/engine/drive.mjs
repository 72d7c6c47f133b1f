// Drives the XForms engine for the bench: one JSON request a line in, one answer a line out.
//   {"op": "form", "xml": "...", "files": {"name.csv": "..."}}   load a form
//   {"op": "new"}                                                begin an empty record
//   {"op": "set", "at": "/data/age", "to": "34"}                 answer one question
//   {"op": "add", "at": "/data/people"}                          add a line to a repeat
// Every answer but the first holds the state of all questions and values.
import { JSDOM } from 'jsdom';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

// What the engine says to people must not stand among the answers.
for (const level of ['log', 'info', 'debug', 'warn']) {
	console[level] = console.error;
}

const { window } = new JSDOM('');
for (const name of [
	'DOMParser', 'XMLSerializer', 'Node', 'Document', 'XMLDocument', 'Element', 'Attr', 'Text',
	'Comment', 'CDATASection', 'XPathResult', 'XPathExpression', 'XPathEvaluator', 'HTMLElement',
	'ProcessingInstruction', 'DocumentFragment', 'NamedNodeMap', 'File', 'Blob', 'FormData',
]) {
	if (globalThis[name] === undefined || name === 'File' || name === 'Blob' || name === 'FormData') {
		globalThis[name] = window[name];
	}
}
const require = createRequire(import.meta.url);
globalThis.document = window.document;
globalThis.require = require;
globalThis.__dirname = dirname(require.resolve('@getodk/xforms-engine'));

const { loadForm } = await import('@getodk/xforms-engine');

let form = null;
let record = null;

const escaped = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };

const text = (node) => {
	const found = /^<[^>]*>([\s\S]*)<\/[^>]*>$/.exec(node.instanceState.instanceXML);
	return found == null ? '' : found[1].replace(/&\w+;/g, (one) => escaped[one] ?? one);
};

const walk = function* (node) {
	const children = node.currentState.children;
	yield node;
	for (const child of children ?? []) {
		yield* walk(child);
	}
};

const state = () => {
	const rows = [];
	for (const node of walk(record.root)) {
		const { reference, relevant, required, readonly, valueOptions } = node.currentState;
		const row = { at: reference, is: node.nodeType, on: relevant };
		if (node.currentState.children == null) {
			row.type = node.valueType;
			row.value = text(node);
			row.required = required;
			row.readonly = readonly;
			row.sound = node.validationState.constraint?.valid ?? true;
			if (Array.isArray(valueOptions)) {
				row.options = valueOptions.map((one) => one.value);
			}
		}
		rows.push(row);
	}
	return rows;
};

const named = (reference) => {
	for (const node of walk(record.root)) {
		if (node.currentState.reference === reference) {
			return node;
		}
	}
	throw new Error(`nothing at ${reference}`);
};

const set = (node, value) => {
	if (node.nodeType === 'select' || node.nodeType === 'rank') {
		const values = value === '' ? [] : value.split(' ');
		return node.nodeType === 'rank' ? node.setValues(values) : node.selectValues(values);
	}
	if (node.nodeType === 'trigger') {
		return node.setValue(value !== '');
	}
	return node.setValue(value === '' && node.valueType !== 'string' ? null : value);
};

const answer = async (request) => {
	switch (request.op) {
		case 'form': {
			const files = request.files ?? {};
			form = await loadForm(request.xml, {
				fetchFormAttachment: async (url) => {
					const name = decodeURIComponent(String(url).split('/').pop());
					const body = files[name];
					return new Response(body ?? '', {
						status: body === undefined ? 404 : 200,
						headers: { 'Content-Type': 'text/csv' },
					});
				},
				missingResourceBehavior: 'BLANK',
			});
			if (form.status === 'failure') {
				throw form.error;
			}
			return [];
		}
		case 'new':
			record = form.createInstance();
			return state();
		case 'set':
			set(named(request.at), request.to);
			return state();
		case 'add':
			named(request.at).addInstances();
			return state();
		default:
			throw new Error(`no such request: ${request.op}`);
	}
};

for await (const line of createInterface({ input: process.stdin })) {
	let reply;
	try {
		reply = { state: await answer(JSON.parse(line)) };
	} catch (error) {
		reply = { error: String(error?.message ?? error).slice(0, 300) };
	}
	process.stdout.write(`${JSON.stringify(reply)}\n`);
}
