import { expect } from 'chai';
import { type Annal, password } from '../support/annal.js';
import { AttackedService, mounts, pathOf } from '../support/attacked-service.js';
import { api, signIn } from '../support/people.js';

/** Somebody sends names that every object has anyway. */
describe('attacks with inherited names', () => {
  let service: AttackedService;
  let annal: Annal;
  let admin: string;

  before(async () => {
    service = await AttackedService.start();
    ({ annal, admin } = service);
  });
  after(() => service.stop());

  const bodies = mounts.filter(({ route }) => route.body !== undefined);

  it('VC-30: somebody sends the names that every object inherits; nothing changes but the data they name', async () => {
    const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
    const inherited = [
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      'valueOf',
      '__defineGetter__',
      '__proto__',
    ];
    const raw = (method: string, path: string, body: string, type = 'application/json') =>
      fetch(annal.url + path, { method, body, headers: { 'content-type': type, authorization: `Bearer ${admin}` } });
    for (const mount of bodies.filter(({ route }) => route.body?.mediaType !== 'application/x-www-form-urlencoded')) {
      const example = JSON.stringify(mount.route.body?.example);
      const body = `{"__proto__":{"polluted":1},${example.slice(1)}`;
      const answer = await raw(mount.route.method.toUpperCase(), pathOf(mount, 'x'), body, mount.route.body?.mediaType);
      expect(answer.status, mount.route.id).to.be.oneOf([400, 401]);
      await answer.arrayBuffer();
    }
    for (const name of inherited) {
      const attributes = JSON.stringify({ attributes: { [name === '__proto__' ? 'prototype' : name]: 'data' } });
      expect((await raw('PATCH', `${api}/me`, attributes, 'application/merge-patch+json')).status, name).to.be.oneOf([
        200, 422,
      ]);
      expect(
        (
          await annal.call('PUT', `${api}/settings`, {
            body: JSON.parse(`{"overrides":{"${name}":{"x":1}}}`) as object,
            token: admin,
          })
        ).status,
      ).to.be.within(400, 422);
      expect((await signIn(annal, name, password, api, { client: name })).status).to.be.within(400, 401);
      expect((await annal.call('GET', `/t/${name}/api/v1/me`, { token: admin })).status).to.equal(404);
      expect((await annal.call('GET', `/t/default/jwks.json?${name}=1`)).status).to.equal(400);
      expect((await annal.call('GET', `/problems/${name}`)).status).to.equal(404);
    }
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).to.equal(before);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});
