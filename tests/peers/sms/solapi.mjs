// A stand-in for SOLAPI: checks signature, time and replay as the vendor does, keeps what it takes, and lists it.
// The vendor's own SDK (solapi_sdk.mjs) and our client are both judged by it, so that it cannot be faithful to us alone.
//
//   node solapi.mjs '{"key":…,"secret":…,"from":…,"silent":0.05,"die_after":0,"fail":{"01012345678":"1026"}}'
//
// Prints {"port":…}; one JSON line for each text it took is appended to "store", if that is named. "silent" is the share
// of calls that are taken and never answered, the first one always. After "die_after" texts every call is refused with 500.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync, readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';

const options = { silent: 0, die_after: 0, fail: {}, port: 0, late: 0, balance: Infinity, ...JSON.parse(process.argv[2] ?? '{}') };
const seen = new Set();
const taken = new Map();
let number = 0;
let calls = 0;
let refusedAfter = 0;
if (options.store && existsSync(options.store)) {
  for (const line of readFileSync(options.store, 'utf8').split('\n').filter(Boolean)) {
    const message = JSON.parse(line);
    taken.set(message.messageId, message);
    number += 1;
  }
}

function refuse(response, status, errorCode, errorMessage = errorCode) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errorCode, errorMessage }));
}

function unauthorised(header) {
  const match = /^HMAC-SHA256 apiKey=([^,]+), date=([^,]+), salt=([^,]+), signature=([0-9a-f]{64})$/i.exec(header ?? '');
  if (!match) return 'InvalidAuthorization';
  const [, key, date, salt, signature] = match;
  if (key !== options.key) return 'InvalidAPIKey';
  const bytes = Buffer.byteLength(salt);
  if (bytes < 12 || bytes > 64) return 'InvalidSalt';
  const wanted = createHmac('sha256', options.secret).update(date + salt).digest();
  if (!timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) return 'SignatureDoesNotMatch';
  const apart = Math.abs(Date.now() - Date.parse(date));
  if (!(apart <= 15 * 60 * 1000)) return 'RequestTimeTooSkewed';
  if (seen.has(signature)) return 'DuplicatedSignature';
  seen.add(signature);
  return null;
}

// CP949 by its rule of thumb: what is not ASCII takes two bytes. (What it cannot carry, the tests send on purpose.)
const bytesOf = (text) => [...text].reduce((sum, c) => sum + (c.codePointAt(0) < 0x80 ? 1 : 2), 0);
const fits = (text) => [...text].every((c) => c.codePointAt(0) < 0x10000);

function judge(message) {
  if (options.fail[message.to]) return options.fail[message.to];
  if (!/^\d{8,15}$/.test(message.to)) return '1023';
  if (message.from !== options.from) return '1062';
  if (!message.text) return '1021';
  if (!fits(message.text)) return '1029';
  const bytes = bytesOf(message.text);
  if (bytes > (message.type === 'LMS' ? 2000 : 90)) return '1031';
  if (taken.size >= options.balance) return '1030';
  return null;
}

function send(body, response) {
  const { messages, allowDuplicates } = body;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > 10000) {
    return refuse(response, 400, 'ValidationError');
  }
  const groupId = `G4V${Date.now()}${number}`;
  const failedMessageList = [];
  const messageList = [];
  const numbers = new Set();
  const now = new Date().toISOString();
  for (const message of messages) {
    const type = message.type ?? (bytesOf(message.text ?? '') > 90 ? 'LMS' : 'SMS');
    const again = !allowDuplicates && numbers.has(message.to);
    const code = again ? '1026' : judge({ ...message, type });
    numbers.add(message.to);
    const common = { to: message.to, from: message.from, type, country: '82', accountId: '00000000000000', customFields: message.customFields };
    if (code) {
      failedMessageList.push({ ...common, messageId: `F${(number += 1)}`, statusCode: code, statusMessage: `refused with ${code}` });
      continue;
    }
    const messageId = `M4V${(number += 1)}`;
    const kept = { ...common, messageId, groupId, text: message.text, statusCode: '4000', status: 'COMPLETE', dateCreated: now, dateUpdated: now,
      dateReceived: new Date(Date.now() + options.late * 1000).toISOString() };
    taken.set(messageId, kept);
    if (options.store) appendFileSync(options.store, `${JSON.stringify(kept)}\n`);
    messageList.push({ ...common, messageId, statusCode: '2000', statusMessage: '정상 접수' });
  }
  const zero = { total: 0, sentTotal: 0, sentFailed: 0, sentSuccess: 0, sentPending: 0, sentReplacement: 0, refund: 0, registeredFailed: 0, registeredSuccess: 0 };
  const money = { requested: 0, replacement: 0, refund: 0, sum: 0 };
  const answer = {
    failedMessageList,
    messageList: body.showMessageList ? messageList : undefined,
    groupInfo: {
      count: { ...zero, total: messages.length, registeredFailed: failedMessageList.length, registeredSuccess: messageList.length },
      countForCharge: { sms: {}, lms: {}, mms: {}, ata: {}, cta: {}, cti: {}, nsa: {}, rcs_sms: {}, rcs_lms: {}, rcs_mms: {}, rcs_tpl: {} },
      balance: money, point: money, app: { profit: { sms: 0, lms: 0, mms: 0, ata: 0, cta: 0, cti: 0, nsa: 0, rcs_sms: 0, rcs_lms: 0, rcs_mms: 0, rcs_tpl: 0 }, appId: null },
      log: [], status: 'SENDING', allowDuplicates: Boolean(allowDuplicates), isRefunded: false, accountId: '00000000000000', masterAccountId: null, apiVersion: '4',
      groupId, price: {}, dateCreated: now, dateUpdated: now,
    },
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

function list(url, response) {
  const get = (name) => url.searchParams.get(name);
  const limit = Math.min(Number(get('limit') ?? 20), 500);
  const found = [...taken.values()].filter((message) => {
    const at = Date.parse(get('dateType') === 'UPDATED' ? message.dateUpdated : message.dateCreated);
    return (!get('to') || message.to === get('to')) && (!get('startDate') || at >= Date.parse(get('startDate')))
      && (!get('endDate') || at <= Date.parse(get('endDate'))) && (!get('messageId') || message.messageId === get('messageId'));
  });
  const from = get('startKey') ? found.findIndex((message) => message.messageId === get('startKey')) : 0;
  const page = found.slice(from, from + limit);
  const nextKey = found[from + limit]?.messageId ?? null;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ startKey: get('startKey'), nextKey, limit, messageList: Object.fromEntries(page.map((message) => [message.messageId, message])) }));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://stand-in');
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (some) => { text += some; });
  request.on('end', () => {
    if (url.pathname === '/stand-in') {
      response.end(JSON.stringify({ taken: taken.size, refusedAfter, calls }));
      return;
    }
    const wrong = unauthorised(request.headers.authorization);
    if (wrong) return void refuse(response, 403, wrong);
    if (request.method === 'GET' && url.pathname === '/cash/v1/balance') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ balance: Number.isFinite(options.balance) ? (options.balance - taken.size) * 18 : 1e6, point: 100 }));
    }
    if (request.method === 'GET' && url.pathname === '/messages/v4/list') return void list(url, response);
    if (request.method !== 'POST' || url.pathname !== '/messages/v4/send-many/detail') return void refuse(response, 404, 'ResourceNotFound');
    calls += 1;
    if (options.die_after && taken.size >= options.die_after) {
      refusedAfter += 1;
      return void refuse(response, 429, 'TooManyRequests', 'the vendor is down');
    }
    let body;
    try { body = JSON.parse(text); } catch { return void refuse(response, 400, 'ValidationError'); }
    // Taken, and never said so.
    // The first call always: few calls, each of many texts, might all be answered otherwise.
    const silent = (options.silent > 0 && calls === 1) || Math.random() < options.silent;
    send(body, silent ? { writeHead() {}, end() {} } : response);
  });
});
server.keepAliveTimeout = 60000;
server.listen(options.port, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
