import { expect } from 'chai';
import { credentials } from '../../../src/domain/credentials/credentials.js';
import type { CredentialsEvent } from '../../../src/domain/credentials/events.js';
import type { PasswordCommand } from '../../../src/domain/credentials/password.js';
import { longestHistory } from '../../../src/domain/credentials/state.js';
import type { Verifier } from '../../../src/domain/credentials/verifier.js';
import { type CredentialId, secret, type UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const user = 'ada' as UserId;
const verifierOf = (name: string) => ({
  credential: name as CredentialId,
  verifier: secret<Verifier>(name as CredentialId, { phc: `$argon2id$${name}` }),
});
const made = (name: string, at = start) => ({ user, ...verifierOf(name), policyRevision: 7, at });
const inForce = (name: string, setAt = start) => ({
  ...verifierOf(name),
  setAt,
  policyRevision: 7,
  changeRequired: false,
});

const set: CredentialsEvent = { type: 'credentials.password-set', ...made('c1') };
const changed = (name: string, seconds = 60): CredentialsEvent => ({
  type: 'credentials.password-changed',
  ...made(name, after(seconds)),
});
const required: CredentialsEvent = {
  type: 'credentials.password-change-required',
  user,
  reason: 'compromised',
  at: after(30),
};
const removed: CredentialsEvent = { type: 'credentials.password-removed', user, at: after(90) };

const change = (name: string, currentMatches: boolean): PasswordCommand => ({
  type: 'ChangePassword',
  ...made(name, after(60)),
  currentMatches,
});

describe('a password', () => {
  describe('is set', () => {
    it('where there is none, and ends nothing', () => {
      given(credentials)
        .when({ type: 'SetPassword', ...made('c1') })
        .records(set)
        .leaves({ password: inForce('c1'), former: [], superseded: [], epoch: 0 })
        .again()
        .rejects('password-exists');
    });

    it('again after it was removed', () => {
      given(credentials, set, removed)
        .when({ type: 'SetPassword', ...made('c2') })
        .records({ type: 'credentials.password-set', ...made('c2') })
        .leaves({ password: inForce('c2'), former: [verifierOf('c1')], superseded: [], epoch: 1 });
    });
  });

  describe('is changed', () => {
    it('by whoever proves the current one, which ends what rested on it', () => {
      given(credentials, set, required)
        .when(change('c2', true))
        .records(changed('c2'))
        .leaves({ password: inForce('c2', after(60)), former: [verifierOf('c1')], superseded: [], epoch: 1 });
    });

    it('by nobody else, and the failure is a fact', () => {
      const failed: CredentialsEvent = { type: 'credentials.password-check-failed', user, at: after(60) };
      given(credentials, set)
        .when(change('c2', false))
        .rejects('wrong-password', failed)
        .leaves({ password: inForce('c1'), former: [], superseded: [], epoch: 0 })
        .again()
        .rejects('wrong-password', failed);
    });

    it('by nobody who was asked for it for something else and typed another', () => {
      const failed: CredentialsEvent = { type: 'credentials.password-check-failed', user, at: after(60) };
      const note: PasswordCommand = { type: 'NoteFailedCheck', user, at: after(60) };
      given(credentials, set).when(note).rejects('wrong-password', failed).again().rejects('wrong-password', failed);
      given(credentials).when(note).rejects('no-password');
      given(credentials, set, removed).when(note).rejects('no-password');
    });

    it('not where there is none', () => {
      given(credentials).when(change('c2', true)).rejects('no-password');
      given(credentials, set, removed).when(change('c2', true)).rejects('no-password');
    });

    it('with the former ones kept, newest first, as many as a tenant can ask for', () => {
      const names = Array.from({ length: longestHistory + 5 }, (_, index) => `n${index}`);
      const { state } = given(credentials, set, ...names.map((name) => changed(name)))
        .when(change('last', true))
        .records(changed('last'));
      expect(state.former.map(({ credential }) => credential)).to.deep.equal(
        [...names].reverse().slice(0, longestHistory),
      );
      expect(state.epoch).to.equal(names.length + 1);
    });

    it('with those that are too old remembered as ones to destroy', () => {
      const names = Array.from({ length: longestHistory + 2 }, (_, index) => `n${index}`);
      const { state } = given(credentials, set, ...names.map((name) => changed(name)))
        .when(change('last', true))
        .records(changed('last'));
      expect(state.superseded).to.deep.equal(['c1', 'n0', 'n1']);
    });
  });

  describe('is reset', () => {
    it('without the old one, which ends what rested on it', () => {
      given(credentials, set, required)
        .when({ type: 'ResetPassword', ...made('c2', after(60)), epoch: 0 })
        .records({ type: 'credentials.password-reset', ...made('c2', after(60)) })
        .leaves({ password: inForce('c2', after(60)), former: [verifierOf('c1')], superseded: [], epoch: 1 });
    });

    it('even where there was none', () => {
      given(credentials)
        .when({ type: 'ResetPassword', ...made('c1'), epoch: 0 })
        .records({ type: 'credentials.password-reset', ...made('c1') })
        .leaves({ password: inForce('c1'), former: [], superseded: [], epoch: 1 });
    });

    it('not by a proof that was made for an older one', () => {
      given(credentials, set, changed('c2'))
        .when({ type: 'ResetPassword', ...made('c3'), epoch: 0 })
        .rejects('proof-outdated');
    });

    it('may be asked for by anybody, as often as the limits allow, which changes nothing', () => {
      const requested: CredentialsEvent = { type: 'credentials.password-reset-requested', user, at: start };
      given(credentials)
        .when({ type: 'RequestPasswordReset', user, at: start })
        .records(requested)
        .leaves({ former: [], superseded: [], epoch: 0 });
      given(credentials, set)
        .when({ type: 'RequestPasswordReset', user, at: start })
        .records(requested)
        .leaves({ password: inForce('c1'), former: [], superseded: [], epoch: 0 })
        .again()
        .records(requested);
    });
  });

  describe('is hashed anew', () => {
    const rehash = (replaces: string): PasswordCommand => ({
      type: 'RehashPassword',
      user,
      ...verifierOf('c2'),
      replaces: replaces as CredentialId,
      at: after(60),
    });
    const rehashed: CredentialsEvent = {
      type: 'credentials.password-rehashed',
      user,
      ...verifierOf('c2'),
      at: after(60),
    };

    it('with the same age, revision and duties, and the old verifier is remembered as one to destroy', () => {
      given(credentials, set, required)
        .when(rehash('c1'))
        .records(rehashed)
        .leaves({
          password: { ...inForce('c1'), ...verifierOf('c2'), changeRequired: true },
          former: [],
          superseded: ['c1' as CredentialId],
          epoch: 0,
        })
        .again()
        .recordsNothing();
    });

    it('unless another one took its place since it was proved', () => {
      given(credentials, set, changed('c9')).when(rehash('c1')).recordsNothing();
      given(credentials, set, removed).when(rehash('c1')).recordsNothing();
      given(credentials).when(rehash('c1')).recordsNothing();
    });
  });

  describe('must be changed', () => {
    const require: PasswordCommand = {
      type: 'RequirePasswordChange',
      user,
      reason: 'compromised',
      at: after(30),
    };

    it('once somebody asks for it, until it is', () => {
      given(credentials, set)
        .when(require)
        .records(required)
        .leaves({ password: { ...inForce('c1'), changeRequired: true }, former: [], superseded: [], epoch: 0 })
        .again()
        .recordsNothing();
      given(credentials, set, required, changed('c2')).when(require).records(required);
    });

    it('only where there is one', () => {
      given(credentials).when(require).rejects('no-password');
      given(credentials, set, removed).when(require).rejects('no-password');
    });
  });

  describe('is removed', () => {
    it('which ends what rested on it; it counts as a former one', () => {
      given(credentials, set, changed('c2'))
        .when({ type: 'RemovePassword', user, at: after(90) })
        .records(removed)
        .leaves({ former: [verifierOf('c2'), verifierOf('c1')], superseded: [], epoch: 2 })
        .again()
        .recordsNothing();
    });

    it('only where there is one', () => {
      given(credentials).when({ type: 'RemovePassword', user, at: start }).recordsNothing();
    });
  });

  it('that is not there is not changed by what the log says about it', () => {
    const rehashed: CredentialsEvent = { type: 'credentials.password-rehashed', user, ...verifierOf('c2'), at: start };
    given(credentials, required, rehashed).is({ former: [], superseded: [], epoch: 0 });
  });
});
