import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Identifiers } from '../../src/application/identifiers.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { Registration } from '../../src/application/registration.js';
import { Steps } from '../../src/application/steps.js';
import type { UserId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { wholeLog } from '../support/invariants.js';
import { admitted, newEmail, root } from '../support/people.js';

/** Seconds after which a reserved address may be given up. */
const reservationLapses = 60;

describe('FI-01 a registration that died, while somebody else wanted the address', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start({ roles: ['api'] });
  });
  after(() => annal.stop());

  it('is told by a retry that the address is taken', async () => {
    const { container, clock } = annal;
    const identifiers = container.get(Identifiers);
    const email = newEmail();
    const administrator = await root(annal);
    await admitted(annal, administrator);
    const { tenant } = (await wholeLog(container)).at(-1) ?? {};
    if (tenant === undefined) throw new Error('the log is empty');
    const context: CommandContext = {
      tenant,
      actor: { kind: 'anonymous' },
      commandId: randomUUID(),
      correlationId: randomUUID(),
      at: clock.now(),
    };
    const claim = await identifiers.claimOf(tenant, identifiers.normalise('email', email));
    await identifiers.reserve(context, container.get(Steps).id<UserId>(context, 'user'), [claim]);

    clock.advance(reservationLapses);
    await admitted(annal, administrator, email);
    const account = { names: { email }, profile: {}, administrator: false, verified: true, password };
    const again = await container
      .get(Registration)
      .create(context, account)
      .then(
        () => 'made',
        (error: { code?: string }) => error.code,
      );
    expect(again).to.equal('identifier-taken');
  });
});
