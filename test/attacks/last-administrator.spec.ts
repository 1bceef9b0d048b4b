import { expect } from 'chai';
import { TenantAdministrators } from '../../src/application/administrators.js';
import { CommandRejected } from '../../src/application/command-rejected.js';
import { Entropy } from '../../src/application/ports/entropy.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { Registration } from '../../src/application/registration.js';
import { Transactor } from '../../src/application/transactor.js';
import { UserAdministration } from '../../src/application/user-administration.js';
import { exists } from '../../src/domain/user/state.js';
import { user } from '../../src/domain/user/user.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { times } from '../support/attacking.js';
import { newEmail } from '../support/people.js';
import type { EngineName } from '../support/test-engine.js';

type Way = (administration: UserAdministration, context: CommandContext, whom: UserId) => Promise<unknown>;

const ways: Readonly<Record<string, Way>> = {
  dismiss: (administration, context, whom) => administration.apply(context, whom, 'DismissAdministrator'),
  suspend: (administration, context, whom) => administration.suspend(context, whom, 'a fight'),
  deactivate: (administration, context, whom) => administration.deactivate(context, whom, 'administrator'),
  leave: (administration, context, whom) => administration.deactivate(context, whom, 'self'),
  erase: (administration, context, whom) => administration.erase(context, whom),
};
const names = Object.keys(ways);
const rounds = times(2, 8);

/** Administrators turn on each other, or leave, all at once: a tenant without any would be at the mercy of whoever sets it up again. */
for (const engine of ['postgres', 'eventstoredb'] as const satisfies readonly EngineName[]) {
  describe(`attacks on the last administrator, with the log on ${engine}`, () => {
    let annal: Annal;
    let instances: readonly Annal[];
    let tenant: TenantId;

    before(async () => {
      annal = await Annal.start({ engine, roles: ['api'], administrator: false });
      instances = [annal, await annal.another()];
      tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
    });
    after(() => annal.stop());

    const contextOf = (commandId: string): CommandContext => ({
      tenant,
      actor: { kind: 'system', id: 'attack' },
      commandId,
      correlationId: commandId,
      at: annal.clock.now(),
    });
    const context = (): CommandContext => contextOf(annal.container.get(Entropy).uuid());

    async function appointed(): Promise<UserId> {
      const made = await annal.container.get(Registration).create(context(), {
        names: { email: newEmail() },
        profile: {},
        administrator: true,
        verified: true,
        password,
      });
      return made.user;
    }

    /** Those who are left by the log itself, which the inline rows have to agree with. */
    async function left(candidates: readonly UserId[]): Promise<readonly UserId[]> {
      const found: UserId[] = [];
      for (const id of candidates) {
        const { state } = await annal.container.get(Transactor).load(user, tenant, id);
        if (exists(state) && state.administrator && state.status === 'active') found.push(id);
      }
      expect(await annal.container.get(SecurityRows).administrators(tenant)).to.have.members(found);
      return found;
    }

    const outcome = (attempt: Promise<unknown>): Promise<string> =>
      attempt.then(
        () => 'done',
        (error: unknown) => (error instanceof CommandRejected ? error.code : String(error)),
      );

    /** Every target is removed at once, each by a command of its own, over both instances; one has to stay. */
    async function fight(targets: readonly UserId[], by: readonly string[]): Promise<void> {
      const outcomes = await Promise.all(
        targets.map((target, index) => {
          const { container } = instances[index % 2] as Annal;
          const way = ways[by[index] as string] as Way;
          return outcome(way(container.get(UserAdministration), context(), target));
        }),
      );
      expect(await left(targets), `${by.join(' and ')}: ${outcomes.join(', ')}`).to.have.length(1);
      expect([...outcomes].sort()).to.deep.equal([...targets.slice(1).map(() => 'done'), 'last-administrator'].sort());
    }

    it('two who remove each other, in every way, leave one of them', async function () {
      this.timeout(300_000);
      const pairs = names.flatMap((one) => names.map((other) => [one, other]));
      let survivor = await appointed();
      for (let round = 0; round < rounds; round++) {
        for (const pair of pairs) {
          const targets = [survivor, await appointed()];
          await fight(targets, pair);
          survivor = (await left(targets))[0] as UserId;
        }
      }
      const alone = annal.container.get(UserAdministration);
      for (const name of names) {
        expect(await outcome((ways[name] as Way)(alone, context(), survivor)), name).to.equal('last-administrator');
      }
      expect(await left([survivor])).to.have.length(1);
    });

    it('of many who all leave at once one stays', async function () {
      this.timeout(300_000);
      const [known] = await annal.container.get(SecurityRows).administrators(tenant);
      let survivor = known as UserId;
      for (let round = 0; round < rounds * 4; round++) {
        const targets = [survivor, await appointed(), await appointed(), await appointed(), await appointed()];
        await fight(
          targets,
          targets.map((_, index) => names[(index + round) % names.length] as string),
        );
        survivor = (await left(targets))[0] as UserId;
      }
    });

    it('a dismissal that dies half way holds nobody up for longer than a minute, and takes nobody by surprise', async () => {
      const [ada] = (await annal.container.get(SecurityRows).administrators(tenant)) as readonly [UserId];
      const bob = await appointed();
      const { revision } = await annal.container.get(Transactor).load(user, tenant, bob);
      const half = context();
      await annal.container.get(TenantAdministrators).announceDeparture(half, { user: bob, revision });
      const dismiss = (whom: UserId, by = context()) =>
        outcome(annal.container.get(UserAdministration).apply(by, whom, 'DismissAdministrator'));

      expect(await dismiss(ada), 'bob may be gone any moment').to.equal('last-administrator');
      annal.clock.advance(61);
      expect(await dismiss(ada)).to.equal('done');
      expect(await left([ada, bob])).to.deep.equal([bob]);
      expect(await dismiss(bob, half), 'the slow command').to.equal('last-administrator');
      expect(await left([ada, bob])).to.deep.equal([bob]);
    });
  });
}
