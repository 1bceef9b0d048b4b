import { BlockList, isIP } from 'node:net';
import type { SettingValues } from './settings.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host name or address can only mean this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(bare);
  if (family === 0) return bare === 'localhost' || bare.endsWith('.localhost');

  return loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** The settings with what follows from others filled in. */
export type Derived = SettingValues & Readonly<{ publicUrl: string; environment: 'development' | 'production' }>;

export function derive(values: SettingValues): Derived {
  const scheme = values.tlsCertificate === undefined ? 'http' : 'https';
  const publicUrl = values.publicUrl ?? `${scheme}://localhost:${values.port}`;
  const local = publicUrl.startsWith('http:') && isLoopback(new URL(publicUrl).hostname);
  return { ...values, publicUrl, environment: values.environment ?? (local ? 'development' : 'production') };
}

type Rule = Readonly<{ broken: (values: Derived, said: SettingValues) => boolean; problem: string }>;

const isHttp = ({ publicUrl }: Derived): boolean => publicUrl.startsWith('http:');

/** What must hold between settings; each broken rule is reported. */
const rules: readonly Rule[] = [
  {
    broken: (values) => isHttp(values) && !isLoopback(new URL(values.publicUrl).hostname),
    problem: 'ANNAL_PUBLIC_URL must be https, except on localhost',
  },
  {
    broken: (values, said) => isHttp(values) && !isLoopback(values.host) && said.environment !== 'development',
    problem: 'ANNAL_HOST must be a loopback address while the public URL is http, unless ANNAL_ENV says development',
  },
  {
    broken: (values, said) => isHttp(values) && said.environment === 'production',
    problem: 'ANNAL_ENV cannot be production while the public URL is http',
  },
  {
    broken: ({ tlsCertificate, tlsKey }) => (tlsCertificate === undefined) !== (tlsKey === undefined),
    problem: 'ANNAL_TLS_CERT and ANNAL_TLS_KEY are set together or not at all',
  },
  {
    broken: ({ eventLog, eventStore }) => eventLog === 'eventstoredb' && eventStore === undefined,
    problem: 'ANNAL_EVENTSTORE must be set while ANNAL_EVENT_LOG is eventstoredb',
  },
  {
    broken: ({ rootKey, previousRootKey }) => previousRootKey !== undefined && rootKey === undefined,
    problem: 'ANNAL_ROOT_KEY_PREVIOUS needs ANNAL_ROOT_KEY',
  },
  {
    broken: ({ environment, smtp, roles }) =>
      environment === 'production' && smtp === undefined && roles.includes('outbox'),
    problem: 'ANNAL_SMTP must be set in production, where there is no development mailbox',
  },
  {
    broken: ({ pepper }) => pepper !== undefined && pepper.length < 16,
    problem: 'ANNAL_PEPPER must have at least 16 characters',
  },
  {
    broken: ({ metricsToken }) => metricsToken !== undefined && metricsToken.length < 16,
    problem: 'ANNAL_METRICS_TOKEN must have at least 16 characters',
  },
];

export const brokenRules = (values: Derived, said: SettingValues): readonly string[] =>
  rules.filter(({ broken }) => broken(values, said)).map(({ problem }) => problem);
