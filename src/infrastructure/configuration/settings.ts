import * as types from './setting-types.js';

/** One setting. `fallback` is the text it has where nobody says otherwise; without one it is undefined. */
export type Setting<T> = Readonly<{
  variable: `ANNAL_${string}` | 'DATABASE_URL';
  type: types.SettingType<T>;
  fallback?: string;
  /** Never printed. May come from a file named by `<variable>_FILE`. */
  secret?: true;
  description: string;
}>;

const setting = <T>(
  variable: Setting<T>['variable'],
  type: types.SettingType<T>,
  description: string,
  more: Readonly<{ secret?: true }> = {},
): Setting<T> => ({ variable, type, description, ...more });

const defaulted = <T>(
  variable: Setting<T>['variable'],
  type: types.SettingType<T>,
  fallback: string,
  description: string,
): Setting<T> & Readonly<{ fallback: string }> => ({ variable, type, fallback, description });

const secret = { secret: true } as const;

/** Every setting of the process, by its name in the configuration file. What can differ between tenants is a tenant setting instead. */
export const settings = {
  host: defaulted('ANNAL_HOST', types.text, '127.0.0.1', 'Address to listen on.'),
  port: defaulted('ANNAL_PORT', types.wholeNumber(1, 65_535), '4000', 'Port to listen on.'),
  publicUrl: setting(
    'ANNAL_PUBLIC_URL',
    types.origin,
    'Origin under which callers reach the service; every link begins with it. Default: the address it listens on, as localhost.',
  ),
  environment: setting(
    'ANNAL_ENV',
    types.oneOf('development', 'production'),
    'Default: development where the public URL is http on this machine. Said aloud, development may listen on every address (containers).',
  ),
  data: defaulted('ANNAL_DATA', types.text, './data', 'Folder of the embedded database and the root key file.'),
  databaseUrl: setting(
    'DATABASE_URL',
    types.urlOf('postgres', 'postgresql'),
    'PostgreSQL server to use. Default: an embedded one in the data folder.',
    secret,
  ),
  eventLog: defaulted(
    'ANNAL_EVENT_LOG',
    types.oneOf('postgres', 'eventstoredb'),
    'postgres',
    'Engine of the event log.',
  ),
  eventStore: setting(
    'ANNAL_EVENTSTORE',
    types.urlOf('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'),
    'Connection string of the EventStoreDB or KurrentDB cluster.',
    secret,
  ),
  roles: defaulted(
    'ANNAL_ROLES',
    types.someOf('api', 'projector', 'outbox', 'jobs'),
    'api,projector,outbox,jobs',
    'What this process does.',
  ),
  administrator: setting(
    'ANNAL_ADMIN',
    types.administrator,
    'First administrator, made at the first start. Default: a one-time set-up link is printed.',
    secret,
  ),
  smtp: setting(
    'ANNAL_SMTP',
    types.urlOf('smtp', 'smtps'),
    'Mail server, with user and password. Default: a mailbox for development, on this machine only.',
    secret,
  ),
  smtpFrom: setting('ANNAL_SMTP_FROM', types.text, 'Sender of mails. Default: annal@ the host of the public URL.'),
  tlsCertificate: setting(
    'ANNAL_TLS_CERT',
    types.text,
    'PEM file of the certificate and its chain; taken over when it changes.',
  ),
  tlsKey: setting('ANNAL_TLS_KEY', types.text, 'PEM file of the private key of the certificate.'),
  trustedProxies: defaulted(
    'ANNAL_TRUSTED_PROXIES',
    types.proxyRanges,
    '',
    'Peers whose X-Forwarded-For is believed. No other forwarding field is ever read.',
  ),
  rootKey: setting(
    'ANNAL_ROOT_KEY',
    types.rootKey,
    'Key that wraps every other key. Default: the file root-key in the data folder.',
    secret,
  ),
  previousRootKey: setting(
    'ANNAL_ROOT_KEY_PREVIOUS',
    types.rootKey,
    'Former root key, while what it wrapped is being rewrapped.',
    secret,
  ),
  rootKeyFile: defaulted(
    'ANNAL_ROOT_KEY_FILE',
    types.oneOf('shared', 'copied'),
    'copied',
    'With DATABASE_URL: whether every machine on that database reads the very same root key file. Only then, or with the embedded database, does the service replace root keys by itself.',
  ),
  backupDays: defaulted(
    'ANNAL_BACKUP_DAYS',
    types.wholeNumber(0, 3_650),
    '30',
    'How long backups are kept. Versions of the root key file that only older ones need are destroyed, which makes erasures final.',
  ),
  pepper: setting(
    'ANNAL_PEPPER',
    types.text,
    'Secret mixed into password hashes; losing it loses every password.',
    secret,
  ),
  hashConcurrency: setting(
    'ANNAL_HASH_CONCURRENCY',
    types.wholeNumber(1, 256),
    'Passwords hashed at once. Default: one per processor.',
  ),
  logLevel: defaulted(
    'ANNAL_LOG_LEVEL',
    types.oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'Least level that is logged; info logs every request.',
  ),
  metricsToken: setting(
    'ANNAL_METRICS_TOKEN',
    types.text,
    'Bearer token with which /metrics is read. Default: only this machine may read it.',
    secret,
  ),
  rateLimits: defaulted(
    'ANNAL_RATE_LIMITS',
    types.budgets('default', 'protocol', 'sign-in', 'mail', 'registration'),
    '',
    'Budgets that replace the built-in ones.',
  ),
  drainSeconds: defaulted(
    'ANNAL_DRAIN_SECONDS',
    types.wholeNumber(0, 600),
    '10',
    'How long requests under way may take to end when the process stops.',
  ),
} as const;

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer T> ? (S extends Readonly<{ fallback: string }> ? T : T | undefined) : never;

/** What the settings say, parsed; undefined where a setting has neither value nor default. */
export type SettingValues = { readonly [Name in keyof Settings]: ValueOf<Settings[Name]> };
export type SettingName = keyof Settings;

export const settingNames = Object.keys(settings) as readonly SettingName[];
