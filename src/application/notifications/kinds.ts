import type { IdentifierKind } from '../../domain/tenant/settings.js';

export type Channel = 'mail' | 'text-message';

/** A link to open or a code to type; whoever has either has the proof. */
export type Proof = Readonly<{ link: string; linkSeconds: number; code?: string; codeSeconds?: number }>;

/**
 * What each kind of message says beyond the name of the service, the person's name and the time. Kinds are stored:
 * never rename one.
 */
export type Details = Readonly<{
  'verify-email': Proof;
  'verify-phone': Proof;
  invitation: Proof;
  'reset-password': Proof;
  /** `link` leads to the page where a reset can be asked for. */
  'already-registered': Readonly<{ link: string }>;
  'identifier-changed': Readonly<{ identifier: IdentifierKind; removed: boolean }>;
  'password-changed': Readonly<{ link: string }>;
  'password-reset': Readonly<{ link: string }>;
  'new-device': Readonly<{ browser?: string; operatingSystem?: string; place?: string }>;
  'refresh-token-reused': Readonly<Record<never, never>>;
}>;

export type NotificationKind = keyof Details;

type KindRow<Kind extends NotificationKind> = Readonly<{
  channels: readonly Channel[];
  /** Fills previews and proves a template before it is stored. */
  sample: Details[Kind];
}>;

const mail: readonly Channel[] = ['mail'];
const both: readonly Channel[] = ['mail', 'text-message'];

const proof = { linkSeconds: 86_400, code: '123456', codeSeconds: 600 };
const page = 'https://id.example.org/t/acme';

export const kinds: { readonly [Kind in NotificationKind]: KindRow<Kind> } = {
  'verify-email': { channels: mail, sample: { ...proof, link: `${page}/verify-email?token=sample` } },
  'verify-phone': { channels: ['text-message'], sample: { ...proof, link: `${page}/verify-phone?token=sample` } },
  invitation: { channels: both, sample: { link: `${page}/accept-invitation?token=sample`, linkSeconds: 604_800 } },
  'reset-password': { channels: both, sample: { ...proof, link: `${page}/reset-password?token=sample` } },
  'already-registered': { channels: both, sample: { link: `${page}/reset-password` } },
  'identifier-changed': { channels: both, sample: { identifier: 'email', removed: false } },
  'password-changed': { channels: both, sample: { link: `${page}/reset-password` } },
  'password-reset': { channels: both, sample: { link: `${page}/reset-password` } },
  'new-device': { channels: mail, sample: { browser: 'Firefox', operatingSystem: 'Linux', place: 'Vienna' } },
  'refresh-token-reused': { channels: mail, sample: {} },
};

export const notificationKinds = Object.keys(kinds) as readonly NotificationKind[];

export const isNotificationKind = (name: string): name is NotificationKind => Object.hasOwn(kinds, name);

/** One message to write, of any kind. */
export type Notice = {
  readonly [Kind in NotificationKind]: Readonly<{ kind: Kind; details: Details[Kind] }>;
}[NotificationKind];
