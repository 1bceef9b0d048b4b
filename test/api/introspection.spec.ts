import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { again, newClient, type TestClient } from '../support/attacking.js';
import { api, newPerson, type Person } from '../support/people.js';

type Introspection = Readonly<{ active: boolean; sub?: string; sid?: string; token_type?: string }>;

describe('introspection of many tokens at once', () => {
  let annal: Annal;
  let resource: TestClient;

  before(async () => {
    annal = await Annal.start();
    resource = await newClient(annal, true);
  });
  after(() => annal.stop());

  const introspect = (token: string, authorization = resource.basic) =>
    annal.call<Introspection>('POST', '/t/default/oauth2/introspect', {
      form: { token },
      headers: { authorization },
    });

  it('answers each for its own token, whoever else asks in that moment', async () => {
    const people: readonly Person[] = await Promise.all([1, 2, 3, 4].map(() => newPerson(annal)));
    const gone = await again(annal, people[0] as Person);
    await annal.call('POST', `${api}/sign-out`, { token: gone.accessToken });
    const unproved = `Basic ${Buffer.from('no%00body:secret').toString('base64')}`;

    const round = people.flatMap((person) => [
      { asked: () => introspect(person.accessToken), told: [200, true, person.user, person.session, 'Bearer'] },
      { asked: () => introspect(person.refreshToken), told: [200, true, person.user, person.session, 'refresh_token'] },
      { asked: () => introspect(gone.accessToken), told: [200, false, undefined, undefined, undefined] },
      { asked: () => introspect(gone.refreshToken), told: [200, false, undefined, undefined, undefined] },
      { asked: () => introspect('annal_rt_nothing'), told: [200, false, undefined, undefined, undefined] },
      {
        asked: () => introspect(person.accessToken, unproved),
        told: [401, undefined, undefined, undefined, undefined],
      },
    ]);
    const rounds = [...round, ...round, ...round];
    const answers = await Promise.all(rounds.map(({ asked }) => asked()));
    const told = answers.map(({ status, body }) => [status, body.active, body.sub, body.sid, body.token_type]);
    expect(told).to.deep.equal(rounds.map((each) => each.told));
  });
});
