import type { AddressInfo } from 'node:net';
import express from 'express';
import { Annal } from '../support/annal.js';
import { newPerson, root } from '../support/people.js';
import { type Figure, load, perSecond } from './measure.js';

const seconds = 8;
const connections = 16;

/** Introspection of access and refresh tokens against an Express handler that reads a form and does one indexed SELECT. */
export async function benchIntrospection(): Promise<readonly Figure[]> {
  const annal = await Annal.start();
  const app = express();
  app.post('/introspect', express.urlencoded({ extended: false }), async (request, response) => {
    const body = request.body as { token: string };
    const { rows } = await annal.database.pool.query({
      name: 'floor',
      text: 'SELECT * FROM user_security_v1 WHERE key = $1',
      values: [body.token],
    });
    response.json({ active: rows.length > 0 });
  });
  const server = app.listen(0, '127.0.0.1');
  try {
    const { accessToken, refreshToken } = await newPerson(annal);
    const token = await root(annal);
    const { body: client } = await annal.call<{ client: string; secret: string }>(
      'POST',
      '/api/v1/tenants/default/clients',
      { token, body: { name: 'bench', confidential: true } },
    );
    const authorization = `Basic ${Buffer.from(`${client.client}:${client.secret}`).toString('base64')}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    const introspect = (presented: string) =>
      load({
        url: `${annal.url}/t/default/oauth2/introspect`,
        method: 'POST',
        headers,
        bodies: [`token=${presented}`],
        connections,
        seconds,
      });
    const floor = () =>
      load({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
        method: 'POST',
        headers,
        bodies: [`token=${presentedKey}`],
        connections,
        seconds,
      });
    const presentedKey = 'x'.repeat(73);
    await introspect(accessToken);
    const [before, opaque, jwt, after] = [
      await floor(),
      await introspect(refreshToken),
      await introspect(accessToken),
      await floor(),
    ];
    const baseline = (before.perSecond + after.perSecond) / 2;
    return [
      {
        what: `introspection, opaque refresh token (p99 ${opaque.p99} ms, ${opaque.failures} failures)`,
        measured: perSecond(opaque.perSecond),
        baseline: `${perSecond(baseline)} Express form + one SELECT`,
        ratio: opaque.perSecond / baseline,
        target: '≥ 0.8',
      },
      {
        what: `introspection, JWT access token (p99 ${jwt.p99} ms, ${jwt.failures} failures)`,
        measured: perSecond(jwt.perSecond),
        baseline: `${perSecond(opaque.perSecond)} opaque`,
        ratio: jwt.perSecond / opaque.perSecond,
        target: '≥ 0.6',
      },
    ];
  } finally {
    server.close();
    await annal.stop();
  }
}
