// A message centre: npm `smpp`, an implementation of SMPP 3.4 that is not ours.
//
//   node smsc.mjs '{"system_id":…,"password":…,"silent":false,"refuse":{"01000000000":11}}'
//
// Prints {"port":…}, then one JSON line for each submit_sm as it was understood.
import { createRequire } from 'node:module';

const smpp = createRequire(import.meta.url)('smpp');
const options = { silent: false, refuse: {}, ...JSON.parse(process.argv[2] ?? '{}') };
let number = 0;
const server = smpp.createServer({}, (session) => {
  session.on('error', () => {});
  for (const bind of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
    session.on(bind, (pdu) => {
      const right = pdu.system_id === options.system_id && pdu.password === options.password;
      session.send(pdu.response({ command_status: right ? smpp.ESME_ROK : smpp.ESME_RBINDFAIL, system_id: 'centre' }));
      if (!right) session.close();
    });
  }
  session.on('submit_sm', (pdu) => {
    const udh = pdu.short_message.udh;
    console.log(JSON.stringify({
      to: pdu.destination_addr, from: pdu.source_addr, esm_class: pdu.esm_class, data_coding: pdu.data_coding,
      receipt: pdu.registered_delivery, text: pdu.short_message.message, udh: udh ? [...udh].map((part) => part.toString('hex')) : null,
    }));
    if (options.silent) return;
    const status = options.refuse[pdu.destination_addr] ?? smpp.ESME_ROK;
    const id = String((number += 1));
    session.send(pdu.response({ command_status: status, message_id: status === smpp.ESME_ROK ? id : '' }));
    if (status !== smpp.ESME_ROK) return;
    session.deliver_sm({
      source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611261000 done date:2611261001 stat:DELIVRD err:000 text:`,
    });
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
});
server.listen(0, () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
