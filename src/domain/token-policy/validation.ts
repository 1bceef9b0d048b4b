import type { Standing, MachineStanding } from '../session/standing.js';

/** What can be asked about a token, in the usual order. */
export const tokenChecks = [
  'format',
  'signature',
  'issuer',
  'type',
  'audience',
  'time',
  'binding',
  'revocation',
  'session',
  'subject',
  'scope',
] as const;
export type TokenCheck = (typeof tokenChecks)[number];

/** Without these nothing that a token says means anything: they cannot be left out. */
export const indispensable: readonly TokenCheck[] = ['format', 'signature', 'issuer', 'type'];

export type Verdict = Readonly<{ check: TokenCheck; outcome: 'passed' | 'failed' | 'skipped'; why: string }>;

/** Which check finds each reason why a token is dead. */
export const findings: Readonly<Record<Exclude<Standing | MachineStanding, 'alive'>, TokenCheck>> = {
  'no-such-session': 'session',
  'no-such-token': 'revocation',
  'token-revoked': 'revocation',
  'token-expired': 'time',
  'key-retired': 'signature',
  'policy-ended': 'revocation',
  'session-ended': 'session',
  'session-expired': 'session',
  'session-idle': 'session',
  'grant-revoked': 'session',
  'tenant-not-active': 'subject',
  'user-not-active': 'subject',
  'client-not-enabled': 'subject',
  superseded: 'subject',
};
