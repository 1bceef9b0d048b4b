import {
  initialAccess,
  type InitialAccessCommand,
  type InitialAccessEvent,
} from '../../../src/domain/initial-access/initial-access.js';
import type { ClientId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const client = 'shop' as ClientId;
const at = after(60);
const issued: InitialAccessEvent = {
  type: 'initial-access.issued',
  digest: 'd',
  uses: 2,
  expiresAt: after(3_600),
  at: start,
};
const used: InitialAccessEvent = { type: 'initial-access.used', client, at };
const revoked: InitialAccessEvent = { type: 'initial-access.revoked', at };
const use: InitialAccessCommand = { type: 'UseInitialAccess', digest: 'd', client, at };

describe('a token with which applications register themselves', () => {
  it('is issued once', () => {
    const issue: InitialAccessCommand = { ...issued, type: 'IssueInitialAccess' };
    given(initialAccess).when(issue).records(issued).again().rejects('initial-access-exists');
  });

  it('works as often as it was said, until it ends', () => {
    given(initialAccess, issued)
      .when(use)
      .records(used)
      .leaves({ status: 'issued', digest: 'd', left: 1, expiresAt: after(3_600) });
    given(initialAccess, issued, used).when(use).records(used).again().rejects('invalid-registration-token');
    given(initialAccess, issued)
      .when({ ...use, at: after(3_599) })
      .records({ ...used, at: after(3_599) });
    given(initialAccess, issued)
      .when({ ...use, at: after(3_600) })
      .rejects('invalid-registration-token');
  });

  it('works for whoever has it, and not once it was revoked', () => {
    given(initialAccess).when(use).rejects('invalid-registration-token');
    given(initialAccess, issued)
      .when({ ...use, digest: 'e' })
      .rejects('invalid-registration-token');
    given(initialAccess, issued)
      .when({ type: 'RevokeInitialAccess', at })
      .records(revoked)
      .leaves({ status: 'revoked' })
      .again()
      .recordsNothing();
    given(initialAccess, issued, revoked).when(use).rejects('invalid-registration-token');
    given(initialAccess).when({ type: 'RevokeInitialAccess', at }).rejects('no-such-initial-access');
  });
});
