import { expect } from 'chai';
import { type Annal, password } from '../support/annal.js';
import { AttackedService } from '../support/attacked-service.js';
import { api, newEmail } from '../support/people.js';

/** Somebody writes into the log of the service. */
describe('attacks on the log of the service', () => {
  let service: AttackedService;
  let annal: Annal;
  let admin: string;

  before(async () => {
    service = await AttackedService.start();
    ({ annal, admin } = service);
  });
  after(() => service.stop());

  it('VC-29: somebody puts line breaks, colours and JSON where names and agents are logged; no line says anything that was sent', async () => {
    annal.log.lines.length = 0;
    const forged = 'x"\r\n{"level":"fatal","event":"forged"}\u001b[31m${jndi:ldap://forged}';
    const headers = {
      'user-agent': 'forged","level":"fatal","x":"${jndi:ldap://forged}',
      'x-request-id': 'forged id',
      referer: 'forged',
    };
    await annal.call('POST', `${api}/sign-in`, { body: { identifier: forged, password: forged }, headers });
    await annal.call('POST', `${api}/registrations`, {
      body: { email: newEmail(), password, firstName: forged },
      headers,
    });
    await annal.call('POST', `${api}/clients`, { body: { name: forged, confidential: false }, token: admin, headers });
    await annal.call('GET', `${api}/users/${encodeURIComponent(forged)}?forged=${encodeURIComponent(forged)}`, {
      token: admin,
      headers,
    });
    await annal.call('GET', `/${encodeURIComponent(forged)}`, { headers });
    await annal.call('POST', `${api}/tokens/refresh`, { body: { refreshToken: forged }, headers });
    const requests = annal.log.lines.filter(({ event }) => event === 'request');
    expect(requests).to.have.length(6);
    for (const { fields } of requests)
      expect(Object.keys(fields).sort()).to.deep.equal(['id', 'method', 'milliseconds', 'route', 'status']);
    expect(JSON.stringify(annal.log.lines)).not.to.match(/forged|fatal|jndi/);
  });
});
