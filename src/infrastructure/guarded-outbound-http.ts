import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { NotFetched, OutboundHttp } from '../application/ports/outbound-http.js';
import { isPublicAddress } from './public-addresses.js';

type Resolved = readonly Readonly<{ address: string; family: number }>[];

/** What the guard stands on; replaced in its own spec alone. */
export type Network = Readonly<{
  resolve: (host: string) => Promise<Resolved>;
  isPublic: (address: string) => boolean;
  /** Beside the authorities that the platform trusts. */
  authority?: string;
  /** Milliseconds, 5,000 unless said otherwise. */
  patience?: number;
}>;

const internet: Network = {
  resolve: (host) => lookup(host, { all: true, order: 'verbatim' }),
  isPublic: isPublicAddress,
};

const patience = 5_000;
const mostBytes = 65_536;
const atOnce = 32;
const longestUrl = 2_048;

/**
 * https alone. A name is resolved once, every address that it has must be public, and the connection goes to the very address that was
 * looked at, so that a name which means something else a moment later leads nowhere. Redirects are not followed. No proxy, no cookies, no
 * connection is kept.
 */
export class GuardedOutboundHttp extends OutboundHttp {
  #underWay = 0;

  constructor(private readonly network: Network = internet) {
    super();
  }

  async json(url: string): Promise<unknown> {
    return parsed(await this.#sent(url));
  }

  async form(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await this.#sent(url, new URLSearchParams(fields).toString());
  }

  async #sent(url: string, form?: string): Promise<string> {
    const target = targetOf(url);
    if (this.#underWay >= atOnce) throw new NotFetched('busy');
    this.#underWay += 1;
    try {
      const signal = AbortSignal.timeout(this.network.patience ?? patience);
      return await this.#read(target, await inTime(this.#addressOf(target), signal), signal, form);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #addressOf({ hostname }: URL): Promise<Resolved[number]> {
    const host = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const found = family ? [{ address: host, family }] : await this.network.resolve(host).catch(() => []);
    const [first] = found;
    if (!first) throw new NotFetched('not-found');
    // One private address among public ones is how a name is made to lead inside at the second try.
    if (!found.every(({ address }) => this.network.isPublic(address))) throw new NotFetched('forbidden-address');
    return first;
  }

  #read(target: URL, { address, family }: Resolved[number], signal: AbortSignal, form?: string): Promise<string> {
    const { authority } = this.network;
    const pinned: LookupFunction = (_host, options, callback) => {
      if (options.all) callback(null, [{ address, family }]);
      else callback(null, address, family);
    };
    const options: RequestOptions = {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json',
        'User-Agent': 'annal',
        ...(form !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      agent: new Agent({ keepAlive: false }),
      lookup: pinned,
      signal,
      ...(authority !== undefined && { ca: authority }),
    };
    return new Promise((resolve, reject) => {
      const failed = (error: unknown): void => {
        if (error instanceof NotFetched) reject(error);
        else reject(new NotFetched(signal.aborted ? 'too-slow' : 'not-found'));
      };
      const sent = request(target, options, (message) => {
        bodyOf(message).then(resolve, (error: unknown) => {
          sent.destroy();
          failed(error);
        });
      });
      sent.on('error', failed);
      sent.end(form);
    });
  }
}

/** @throws NotFetched */
function targetOf(url: string): URL {
  if (url.length > longestUrl || !URL.canParse(url)) throw new NotFetched('not-https');
  const target = new URL(url);
  if (target.protocol !== 'https:' || target.username !== '' || target.password !== '') {
    throw new NotFetched('not-https');
  }
  return target;
}

const inTime = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new NotFetched('too-slow')), { once: true });
    work.then(resolve, reject);
  });

async function bodyOf(message: IncomingMessage): Promise<string> {
  const status = message.statusCode ?? 0;
  if (status >= 300 && status < 400) throw new NotFetched('redirected');
  if (status !== 200 && status !== 204) throw new NotFetched('not-ok');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new NotFetched('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NotFetched('not-json');
  }
}
