// The vendor's own SDK against the stand-in at argv[2] (a port), with key, secret and sender of argv[3..5].
// Prints what it saw as one JSON line.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { SolapiMessageService } = require('solapi');
const [port, key, secret, from] = process.argv.slice(2);
const original = globalThis.fetch;
globalThis.fetch = (url, options) => original(String(url instanceof Request ? url.url : url).replace('https://api.solapi.com', `http://127.0.0.1:${port}`), options);

const seen = {};
const service = new SolapiMessageService(key, secret);
const sent = await service.send([
  { to: '01012345678', from, text: '[제비] 인증번호 123456', customFields: { reference: 'sdk.1' } },
  { to: '01087654321', from, text: '가'.repeat(60), customFields: { reference: 'sdk.2' } },
], { showMessageList: true });
seen.sent = { total: sent.groupInfo.count.total, failed: sent.failedMessageList.length, codes: (sent.messageList ?? []).map((one) => one.statusCode) };
const listed = await service.getMessages({ to: '01012345678' });
seen.listed = Object.values(listed.messageList).map((one) => [one.text, one.customFields?.reference]);
try {
  await new SolapiMessageService(key, `${secret}x`).send({ to: '01012345678', from, text: 'x' });
  seen.wrong = 'accepted';
} catch (error) {
  seen.wrong = String(error.errorCode ?? error.message);
}
try {
  await service.send({ to: '01012345678', from: '0200000000', text: 'x' });
  seen.unregistered = 'accepted';
} catch (error) {
  seen.unregistered = (error.failedMessageList ?? []).map((one) => one.statusCode);
}
seen.balance = (await service.getBalance()).balance;
console.log(JSON.stringify(seen));
