import type { Cases } from '../decider.js';
import type { CredentialId, Instant, Secret } from '../values.js';
import type { CredentialsEvent } from './events.js';
import type { Verifier } from './verifier.js';

export type Password = Readonly<{
  credential: CredentialId;
  verifier: Secret<Verifier>;
  setAt: Instant;
  /** Settings revision of the tenant that the password was checked against. */
  policyRevision: number;
  changeRequired: boolean;
}>;

export type Credentials = Readonly<{
  password?: Password;
  /** Former passwords, newest first; only as many as can still be opened matter to the history rule. */
  former: readonly Pick<Password, 'credential' | 'verifier'>[];
  /** Verifiers that no rule will ask for again: hashed anew since, or too long ago. Their keys are to be destroyed. */
  superseded: readonly CredentialId[];
  /** Raised by every change of what proves the person: sessions, grants and tokens of a lower epoch are over. */
  epoch: number;
}>;

/** The longest history that a tenant can ask for. */
export const longestHistory = 24;

type Changed = Extract<CredentialsEvent, { type: 'credentials.password-changed' | 'credentials.password-reset' }>;

const replaced = (state: Credentials, { credential, verifier, policyRevision, at }: Changed): Credentials => ({
  ...withoutPassword(state),
  password: { credential, verifier, setAt: at, policyRevision, changeRequired: false },
});

const withoutPassword = ({ password, former, superseded, epoch }: Credentials): Omit<Credentials, 'password'> => {
  const passwords = password ? [onlyVerifier(password), ...former] : former;
  return {
    former: passwords.slice(0, longestHistory),
    superseded: [...superseded, ...passwords.slice(longestHistory).map(({ credential }) => credential)],
    epoch: epoch + 1,
  };
};

const onlyVerifier = ({ credential, verifier }: Password) => ({ credential, verifier });

export const evolve: Cases<CredentialsEvent, Credentials, Credentials> = {
  'credentials.password-set': (state, { credential, verifier, policyRevision, at }) => ({
    ...state,
    password: { credential, verifier, setAt: at, policyRevision, changeRequired: false },
  }),
  'credentials.password-changed': replaced,
  'credentials.password-reset': replaced,
  'credentials.password-check-failed': (state) => state,
  'credentials.password-rehashed': (state, { credential, verifier }) =>
    state.password
      ? {
          ...state,
          password: { ...state.password, credential, verifier },
          superseded: [...state.superseded, state.password.credential],
        }
      : state,
  'credentials.password-reset-requested': (state) => state,
  'credentials.password-change-required': (state) =>
    state.password ? { ...state, password: { ...state.password, changeRequired: true } } : state,
  'credentials.password-removed': withoutPassword,
};
