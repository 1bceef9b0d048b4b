import { expect } from 'chai';
import { Entropy } from '../../src/application/ports/entropy.js';
import { People } from '../../src/application/ports/people.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { SingleUse } from '../../src/application/ports/single-use.js';
import type { IssuedUnder } from '../../src/domain/user/issued-under.js';
import { plusSeconds, type TenantId } from '../../src/domain/values.js';
import { Annal } from '../support/annal.js';
import { issuedNow } from '../support/issued.js';
import { api, newEmail, root } from '../support/people.js';

const users = '/api/v1/tenants/default/users';
const stolen = 'a passphrase of somebody else altogether';

/** No outbox runs, which would withdraw older invitations when it sends a newer one. */
describe('attacks with invitations that nobody came round to withdrawing', () => {
  let annal: Annal;
  let admin: string;
  let tenant: TenantId;

  before(async () => {
    annal = await Annal.start({ roles: ['api'] });
    admin = await root(annal);
    tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
  });
  after(() => annal.stop());

  async function invited(): Promise<string> {
    const body = { email: newEmail() };
    return (await annal.call<{ id: string }>('POST', users, { body, token: admin })).body.id;
  }
  async function acceptedWith(issued: IssuedUnder, subject: string): Promise<number> {
    const entropy = annal.container.get(Entropy);
    const [token, at] = [entropy.token(256), annal.clock.now()];
    const about = { tenant, kind: 'invitation', subject, payload: { issued }, sealedFor: 'person' } as const;
    const eventId = entropy.uuid();
    await annal.container.get(SingleUse).put({ ...about, token, at, expiresAt: plusSeconds(at, 600), eventId });
    const body = { token, password: stolen };
    return (await annal.call('POST', `${api}/invitations/accept`, { body })).status;
  }
  const issuedTo = (user: string) => issuedNow(annal.container.get(People), tenant, user);
  async function done(user: string, method: string, path: string, body: object = {}): Promise<void> {
    const { status, text } = await annal.call(method, `${users}/${user}/${path}`, { body, token: admin });
    expect(status, text).to.be.within(200, 204);
  }

  const changes: Readonly<Record<string, (user: string) => Promise<void>>> = {
    'they were invited again': (user) => done(user, 'POST', 'resend-invitation'),
    'the account was deactivated, and is back': async (user) => {
      await done(user, 'POST', 'deactivate');
      await done(user, 'POST', 'undelete');
    },
    'the address was corrected': (user) => done(user, 'PUT', 'email', { value: newEmail() }),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`VC-07: an invitation from before ${what} lets nobody in`, async () => {
      const user = await invited();
      const issued = await issuedTo(user);

      await change(user);

      expect(await acceptedWith(issued, user)).to.equal(400);
      expect(await acceptedWith(await issuedTo(user), user)).to.be.within(200, 204);
    });
  }
});
