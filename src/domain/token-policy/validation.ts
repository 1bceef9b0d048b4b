import type { Complaint } from '../session/standing.js';

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

/** Which check finds what there is to say against a token. */
export const findings: Readonly<Record<Complaint, TokenCheck>> = {
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

/** What is known of a token, whatever kind it is. */
export type Examined = Readonly<{
  /** The type that the checks speak of. */
  type: string;
  issuer: string;
  audience: readonly string[];
  scope: readonly string[];
  /** NumericDates. */
  issuedAt: number;
  expiresAt: number;
  /** What there is to say against it. */
  against: readonly Complaint[];
  /** What proves that it is genuine. */
  proof: 'signature' | 'message authentication code';
  /** Whether a person's session stands behind it. */
  hasSession: boolean;
}>;

/** What whoever asks expects of it. */
export type Expected = Readonly<{ audience?: string; scope: readonly string[]; now: number }>;

type Finding = Readonly<{ outcome: Verdict['outcome']; why: string }>;

const passed = (why: string): Finding => ({ outcome: 'passed', why });
const failed = (why: string): Finding => ({ outcome: 'failed', why });
const skipped = (why: string): Finding => ({ outcome: 'skipped', why });

const standingOf = (check: TokenCheck, { against }: Examined, well: string): Finding => {
  const found = against.filter((one) => findings[one] === check);
  return found.length === 0 ? passed(well) : failed(found.join(', '));
};

/** How each check is made. */
const checks: Readonly<Record<TokenCheck, (token: Examined, expected: Expected) => Finding>> = {
  format: ({ type }) => passed(type),
  signature: (token) => standingOf('signature', token, token.proof),
  issuer: ({ issuer }) => passed(issuer),
  type: ({ type }) => passed(type),
  audience: ({ audience }, { audience: wanted }) => {
    if (wanted === undefined) return skipped('no audience was asked for');
    return audience.includes(wanted) ? passed(wanted) : failed(`it is for ${audience.join(', ') || 'nobody named'}`);
  },
  time: (token, { now }) => {
    if (now >= token.expiresAt) return failed(`it ended at ${token.expiresAt}`);
    return standingOf('time', token, `until ${token.expiresAt}`);
  },
  binding: () => skipped('a bearer token is bound to nobody'),
  revocation: (token) => standingOf('revocation', token, 'not revoked'),
  session: (token) =>
    token.hasSession ? standingOf('session', token, 'alive') : skipped('there is no session behind it'),
  subject: (token) => standingOf('subject', token, 'as when it was made'),
  scope: ({ scope }, { scope: wanted }) => {
    if (wanted.length === 0) return skipped('no scope was asked for');
    const missing = wanted.filter((one) => !scope.includes(one));
    return missing.length === 0 ? passed(wanted.join(' ')) : failed(`it lacks ${missing.join(' ')}`);
  },
};

/** The verdicts in the order of the flow; what the flow leaves out is said at the end. */
export function examine(flow: readonly TokenCheck[], token: Examined, expected: Expected): readonly Verdict[] {
  const run = flow.map((check) => ({ check, ...checks[check](token, expected) }));
  const left = tokenChecks.filter((check) => !flow.includes(check));

  return [...run, ...left.map((check) => ({ check, ...skipped('the policy leaves it out') }))];
}

/** Of what is no token of this tenant. */
export const unreadable: readonly Verdict[] = [
  { check: 'format', outcome: 'failed', why: 'no token that this tenant made' },
  ...tokenChecks.slice(1).map((check): Verdict => ({ check, ...skipped('there is nothing to look at') })),
];

export const isValid = (verdicts: readonly Verdict[]): boolean => verdicts.every(({ outcome }) => outcome !== 'failed');
