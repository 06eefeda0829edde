// A provider that lets everybody in and says what it is told to: what a certified one never does. Prints its port.
//   POST /lie with JSON: claims that replace those of the next ID tokens, and in `header`, `key` how they are signed.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';

const options = JSON.parse(process.argv[2]);
const pair = () => generateKeyPair('RS256', { extractable: true });
let [own, stranger] = [await pair(), await pair()];
let [kid, lie] = ['one', {}];
const nonces = new Map();

const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  if (lie.silent && url.pathname !== '/lie') return undefined;
  switch (url.pathname) {
    case '/lie':
      lie = JSON.parse(await text(request));
      if (lie.rotate) [own, kid] = [await pair(), lie.rotate];
      return answer(200, {});
    case '/.well-known/openid-configuration':
      if (lie.redirect) return answer(302, {}, { location: lie.redirect });
      return answer(200, {
        issuer: lie.calls_itself ?? issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    case '/jwks':
      return answer(200, { keys: [{ ...(await exportJWK(own.publicKey)), alg: 'RS256', use: 'sig', kid }] });
    case '/auth': {
      const code = crypto.randomUUID();
      nonces.set(code, url.searchParams.get('nonce'));
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state'));
      if (lie.iss) back.searchParams.set('iss', lie.iss);
      return answer(303, {}, { location: back.href });
    }
    case '/token': {
      if (lie.breaks) return answer(500, {});
      const code = new URLSearchParams(await text(request)).get('code');
      const now = Math.floor(options.at / 1000);
      const claims = {
        iss: issuer, aud: 'jebi', sub: 'minji', iat: now, exp: now + 600, nonce: nonces.get(code), ...lie.claims,
      };
      if (lie.without) delete claims[lie.without];
      return answer(200, { access_token: 'a', token_type: 'Bearer', id_token: await signed(claims) });
    }
    default:
      return answer(404, {});
  }
});

async function signed(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  switch (lie.signed) {
    case 'none':
      return `${part({ alg: 'none' })}.${part(claims)}.`;
    case 'public key as a secret': {
      const key = new TextEncoder().encode(await exportSPKI(own.publicKey));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(key);
    }
    case 'by a stranger':
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(stranger.privateKey);
    default:
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(own.privateKey);
  }
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
console.log(JSON.stringify({ port: server.address().port }));
