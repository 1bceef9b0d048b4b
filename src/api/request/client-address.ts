import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses and CIDR ranges, such as peers whose X-Forwarded-For is believed. @throws TypeError on anything else */
export function proxyList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) throw new TypeError(`${range} is neither an IP address nor a CIDR range`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IP address or a CIDR range. */
export function isAddressRange(range: string): boolean {
  const [, address = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 6 ? 128 : 32));
}

/** Whether an address is in one of the ranges. */
export const isAmong = (ranges: readonly string[], address: string): boolean =>
  isIP(address) !== 0 && proxyList(ranges).check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** `::ffff:192.0.2.1` is 192.0.2.1. */
const plain = (address: string): string => {
  const mapped = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address;
  return isIPv4(mapped) ? mapped : address;
};

/**
 * The caller's address: that of the peer, or, where the peer is a listed proxy, the last address of X-Forwarded-For that no listed
 * proxy added. `Forwarded`, X-Real-IP and the like are never read.
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, proxies: BlockList): string {
  const listed = (address: string): boolean => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  let address = plain(peer ?? '');
  const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
  while (isIP(address) !== 0 && listed(address)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** What counts as one caller: an IPv4 address, or the /64 network of an IPv6 address, all of which one subscriber has. */
export function addressClass(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

const proxyTraces = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/** By the fields that a proxy leaves: behind one, this machine is not where the request came from. */
export const passedProxy = (header: (name: string) => string | undefined): boolean =>
  proxyTraces.some((name) => header(name) !== undefined);
