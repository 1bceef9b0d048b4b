import { expect } from 'chai';
import { Entropy } from '../../src/application/ports/entropy.js';
import { EventLog, RevisionConflict, streamName } from '../../src/application/ports/event-log.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { Transactor } from '../../src/application/transactor.js';
import { user } from '../../src/domain/user/user.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { Annal } from '../support/annal.js';
import { admitted, root } from '../support/people.js';
import { report } from '../support/load.js';
import type { EngineName } from '../support/test-engine.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const writers = 64;
const commandsEach = full ? 320 : 8;
const pageSize = 1_000;

for (const engine of ['postgres', 'eventstoredb'] satisfies readonly EngineName[]) {
  describe(`FI-12 ${writers} writers on one stream over three instances, on ${engine}`, function () {
    this.timeout(full ? 1_200_000 : 120_000);
    let instances: readonly Annal[];
    let first: Annal;

    before(async () => {
      first = await Annal.start({ engine, roles: ['api'] });
      instances = [first, await first.another(), await first.another()];
    });
    after(() => first.stop());

    it('carries out every command once, and none is told to come again', async function () {
      const { user: id } = await admitted(first, await root(first));
      const tenant = (await first.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
      const entropy = first.container.get(Entropy);
      const done: string[] = [];
      const conflicts: string[] = [];

      const carryOut = async (instance: Annal, commandId: string): Promise<void> => {
        const at = first.clock.now();
        const context = { tenant, actor: { kind: 'anonymous' }, commandId, correlationId: commandId, at } as const;
        try {
          const command = { type: 'RevokeSessions', user: id as UserId, at } as const;
          await instance.container.get(Transactor).transact(user, id, context, command);
          done.push(commandId);
        } catch (error) {
          if (!(error instanceof RevisionConflict)) throw error;
          conflicts.push(commandId);
        }
      };
      const began = performance.now();
      await Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          const instance = instances[writer % instances.length] ?? first;
          for (let n = 0; n < commandsEach; n++) await carryOut(instance, entropy.uuid());
        }),
      );

      const seconds = (performance.now() - began) / 1_000;
      const recorded: string[] = [];
      for (let from = 0; ; from += pageSize) {
        const page = await first.container.get(EventLog).read(streamName('user', tenant, id), from, pageSize);
        recorded.push(
          ...page.filter(({ event }) => event.type === 'user.sessions-revoked').map((one) => one.commandId),
        );
        if (page.length < pageSize) break;
      }
      expect([...recorded].sort(), 'exactly what was acknowledged').to.deep.equal([...done].sort());
      expect(new Set(recorded)).to.have.property('size', recorded.length);
      expect(conflicts, 'commands that were told to come again').to.deep.equal([]);
      report(this.test, `${done.length} commands`, `${Math.round(done.length / seconds)} per second`);
    });
  });
}
