import type { AddressKind } from '../../../application/verification.js';
import type { PasswordViolation } from '../../../domain/credentials/password-policy.js';
import type { PasswordPolicy } from '../../../domain/tenant/settings.js';
import type { ProblemCode, problems } from '../../problems.js';

/** Every status that a failed request can have. */
export type ProblemStatus = (typeof problems)[ProblemCode]['status'];

/** Problems that have words of their own. */
export type NamedFailure = 'cross-site' | 'tenant-suspended';

/** Refusals that a form shows above itself, so that the person can go on from there. */
export type ShownRefusal =
  | 'busy'
  | 'identifier-taken'
  | 'invalid-fields'
  | 'invalid-flow'
  | 'invalid-proof'
  | 'too-many-attempts'
  | 'too-many-messages'
  | 'wrong-credentials'
  | 'wrong-password'
  | 'already-verified'
  | 'nothing-to-verify'
  | 'no-such-session'
  | 'no-password';

export type FieldName =
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'username'
  | 'phone'
  | 'identifier'
  | 'code'
  | 'current'
  | 'password'
  | 'repeated';

/** A state that needs nothing more than to be read. */
export type Notice = Readonly<{ title: string; text: string }>;

/** A page whose one button does something. */
export type Step = Notice & Readonly<{ button: string }>;

type FieldWording = Readonly<{ label: string; hint?: string; invalid: string }>;

export type VerificationWording = Readonly<{
  confirm: Step & Readonly<{ unexpected: string }>;
  enterCode: Step;
  /** Stands above `enterCode` once a message is on its way. */
  sent: Notice;
  askForMessage: Step & Readonly<{ link: string }>;
  confirmed: Notice;
  deadLink: Notice;
}>;

/** Everything that the pages say, in one language. */
export type Wording = Readonly<{
  /** BCP 47; the `lang` of the page. */
  language: string;
  fields: Readonly<Record<FieldName, FieldWording>>;
  passwordHint: (policy: PasswordPolicy) => string;
  passwordViolations: { readonly [Code in PasswordViolation['code']]: (policy: PasswordPolicy) => string };
  refusals: Readonly<Record<ShownRefusal, string>>;
  /** In place of `too-many-attempts` where it is known how long. */
  waiting: (seconds: number) => string;
  optional: string;
  /** Links of the tenant below every page. */
  footer: Readonly<Record<'support' | 'terms' | 'privacy', string>>;
  showPassword: string;
  hidePassword: string;
  /** Before the title of a page that shows what is wrong. */
  errorInTitle: string;
  account: string;
  verification: Readonly<Record<AddressKind, VerificationWording>>;
  reset: Readonly<{
    choose: Step;
    ask: Step & Readonly<{ link: string }>;
    enterCode: Step & Readonly<{ link: string }>;
    sent: Notice;
    changed: Notice;
    deadLink: Notice;
  }>;
  signIn: Readonly<{
    title: string;
    text: (name: string) => string;
    button: string;
    finish: string;
    other: string;
    forgotten: string;
    register: string;
    resend: string;
    resent: string;
    renew: Step;
    verify: Step;
    dead: Notice;
  }>;
  register: Readonly<{
    title: string;
    text: (name: string) => string;
    button: string;
    known: string;
    /** The same whether or not the address was taken. */
    sent: string;
    closed: Notice;
  }>;
  selectAccount: Step & Readonly<{ other: string }>;
  consent: Readonly<{
    title: (application: string) => string;
    text: string;
    remembered: (account: string) => string;
    agree: string;
    deny: string;
    scopes: Readonly<Record<string, string>>;
  }>;
  device: Readonly<{ title: string; text: string; label: string; button: string; wrong: string; done: Notice }>;
  signOut: Step & Readonly<{ done: Notice }>;
  portal: Notice &
    Readonly<{
      links: Readonly<Record<'profile' | 'email' | 'phone' | 'password' | 'sessions' | 'history' | 'signOut', string>>;
      confirmed: string;
      waiting: string;
      back: string;
      profile: Step;
      password: Step;
      address: Readonly<Record<AddressKind, Readonly<{ change: Step; prove: Step }>>>;
      sessions: Notice & Readonly<{ here: string; end: string; others: string }>;
      history: Notice &
        Readonly<{
          outcomes: Readonly<Record<'succeeded' | 'failed' | 'refused', string>>;
          none: string;
          later: string;
        }>;
      signOut: Step & Readonly<{ everywhere: string }>;
    }>;
  authorizationRefused: Notice & Readonly<{ forDevelopers: string }>;
  invitation: Readonly<{ accept: Step; accepted: Notice; deadLink: Notice }>;
  setup: Readonly<{ create: Step; done: Notice & Readonly<{ example: string }>; deadLink: Notice }>;
  service: Notice & Readonly<{ reference: string; problems: string; mailbox: string; standardTenant: string }>;
  tenant: Readonly<{ title: string; text: (name: string) => string; reset: string; verify: string; reference: string }>;
  failures: Readonly<Record<ProblemStatus, Notice>>;
  /** Where the status alone says too little. */
  namedFailures: Readonly<Record<NamedFailure, Notice>>;
  /** Before the request id, which the operator can look up. */
  reference: string;
}>;
