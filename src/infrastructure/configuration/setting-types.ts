import { BlockList, isIP } from 'node:net';

/** A value, or what is wrong with the text: the rest of a sentence that begins with the name of the setting. */
export type Parsed<T> = Readonly<{ value: T }> | Readonly<{ wrong: string }>;

export type SettingType<T> = Readonly<{
  /** As the reference names it. */
  label: string;
  parse: (text: string) => Parsed<T>;
}>;

const type = <T>(label: string, parse: (text: string) => Parsed<T>): SettingType<T> => ({ label, parse });

export const text: SettingType<string> = type('text', (value) => ({ value }));

export const wholeNumber = (from: number, to: number): SettingType<number> =>
  type(`whole number from ${from} to ${to}`, (given) => {
    const value = /^[0-9]{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return value >= from && value <= to ? { value } : { wrong: `must be a whole number from ${from} to ${to}` };
  });

export const oneOf = <const T extends string>(...values: readonly T[]): SettingType<T> =>
  type(values.join(' | '), (given) => {
    const value = values.find((known) => known === given);
    return value === undefined ? { wrong: `must be one of ${values.join(', ')}` } : { value };
  });

export const someOf = <const T extends string>(...values: readonly T[]): SettingType<readonly T[]> =>
  type(`list of ${values.join(', ')}`, (given) => {
    const items = listed(given);
    const known = values.filter((value) => items.includes(value));
    const complete = items.length > 0 && items.every((item) => (values as readonly string[]).includes(item));
    return complete ? { value: known } : { wrong: `must be a list of ${values.join(', ')}` };
  });

export const urlOf = (...schemes: readonly string[]): SettingType<string> =>
  type(`URL (${schemes.join(', ')})`, (given) => {
    // Connection strings of clusters name several hosts, which the URL parser refuses.
    const scheme = /^([a-z+]+):\/\/[^\s/]\S*$/.exec(given)?.[1] ?? '';
    return schemes.includes(scheme)
      ? { value: given }
      : { wrong: `must be a URL that begins with ${schemes.join(' or ')}` };
  });

/** Scheme, host and port, as links begin with it. */
export const origin: SettingType<string> = type('origin, such as https://id.example.com', (given) => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const bare = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!bare || url.pathname !== '/' || !['http:', 'https:'].includes(url.protocol)) {
    return { wrong: 'must be http(s)://host or http(s)://host:port, without a path' };
  }
  return { value: url.origin };
});

export const proxyRanges: SettingType<readonly string[]> = type('list of IP addresses and CIDR ranges', (given) => {
  const items = listed(given);
  return items.every(isRange) ? { value: items } : { wrong: 'must be a list of IP addresses and CIDR ranges' };
});

/** 32 random bytes. */
export const rootKey: SettingType<string> = type('base64 of 32 bytes', (given) => {
  const right = /^[A-Za-z0-9+/]{43}=$/.test(given);
  return right ? { value: given } : { wrong: 'must be the base64 text of 32 bytes (openssl rand -base64 32)' };
});

export type Administrator = Readonly<{ email: string; password: string }>;

export const administrator: SettingType<Administrator> = type('e-mail:password', (given) => {
  const colon = given.indexOf(':');
  const [email, password] = [given.slice(0, colon), given.slice(colon + 1)];
  const right = colon > 0 && /^[^@\s]+@[^@\s]+$/.test(email) && password !== '';
  return right ? { value: { email, password } } : { wrong: 'must be an e-mail address, a colon and a password' };
});

export type Budget = Readonly<{ points: number; seconds: number }>;

/** `name=points/seconds`, comma-separated. */
export const budgets = <const Name extends string>(
  ...names: readonly Name[]
): SettingType<Readonly<Partial<Record<Name, Budget>>>> =>
  type(`list of name=requests/seconds for ${names.join(', ')}`, (given) => {
    const value: Partial<Record<Name, Budget>> = {};
    for (const item of listed(given)) {
      const [, found, points, seconds] = /^([a-z-]+)=([1-9][0-9]{0,8})\/([1-9][0-9]{0,5})$/.exec(item) ?? [];
      const name = names.find((known) => known === found);
      if (name === undefined) return { wrong: `must be a list such as ${names[0] ?? ''}=600/60 (${names.join(', ')})` };
      value[name] = { points: Number(points), seconds: Number(seconds) };
    }
    return { value };
  });

const listed = (given: string): readonly string[] =>
  given
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function isRange(range: string): boolean {
  const [address = '', bits, ...more] = range.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  try {
    new BlockList().addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    return /^[0-9]{1,3}$/.test(bits);
  } catch {
    return false;
  }
}
