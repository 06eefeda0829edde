// oidc-provider (certified) with accounts of the test's. Prints its port, then a line for each sign-in.
//   node provider.mjs '{"redirects": ["http://…/identity/back"], "accounts": {"minji": {"phone_number": "…"}}, "at": 1764000000000}'

import { createServer } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const options = JSON.parse(process.argv[2]);

// The test says what time it is; from then on it passes as ever.
if (options.at) {
  const Real = Date;
  const ahead = options.at - Real.now();
  globalThis.Date = class extends Real {
    constructor(...from) {
      super(...(from.length ? from : [Real.now() + ahead]));
    }
    static now() {
      return Real.now() + ahead;
    }
  };
}
const { default: Provider } = await import('oidc-provider');
const { exportJWK, generateKeyPair } = await import('jose');

const server = createServer();
server.listen(options.port ?? 0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();

const scopes = {
  openid: ['sub', 'acr', 'amr'],
  phone: ['phone_number', 'phone_number_verified'],
  email: ['email', 'email_verified'],
  profile: ['name', 'birthdate'],
  ci: ['ci'],
};
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: ['jebi', 'jebi-console'].map((client_id) => ({
    client_id,
    client_secret: 'a secret of the tests',
    redirect_uris: options.redirects,
  })),
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
  cookies: { keys: ['a key of the tests'] },
  scopes: Object.keys(scopes),
  claims: scopes,
  acrValues: ['gold', 'silver'],
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { IdToken: options.idTokenSeconds ?? 600, AccessToken: 600, Grant: 600, Interaction: 600, Session: 600 },
  findAccount: (_, id) =>
    options.accounts[id] && { accountId: id, claims: () => ({ sub: id, ...options.accounts[id] }) },
  // Nobody is asked for consent: that is the city's agreement with its own provider.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope(Object.keys(scopes).join(' '));
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = '<form method="post"><input name="login"><button>Sign in</button></form>';
    return;
  }
  const form = new URLSearchParams(await text(ctx.req));
  ctx.respond = false;
  const result = form.has('cancel')
    ? { error: 'access_denied' }
    : { login: { accountId: form.get('login'), amr: form.getAll('amr'), acr: form.get('acr') ?? undefined } };
  console.log(JSON.stringify({ login: form.get('login') }));
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
});

server.on('request', provider.callback());
console.log(JSON.stringify({ port }));
