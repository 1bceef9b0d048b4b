import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IPv4 networks that are nobody's on the Internet: the special-purpose registry of RFC 6890, multicast and what is reserved. */
const reserved = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of IPv6 only global unicast is public, which leaves out loopback, link-local, unique local, mapped and translated (64:ff9b) addresses. */
const globalUnicast = ['2000::', 3] as const;
/** Within it: protocol assignments with Teredo, documentation, and 6to4, which leads to any IPv4 address. */
const reservedUnicast = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const listOf = (networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
};

const reservedV4 = listOf(reserved, 'ipv4');
const reservedV6 = listOf(reservedUnicast, 'ipv6');
const unicastV6 = listOf([globalUnicast], 'ipv6');

/** Whether an address is one on the Internet that is nobody's own network. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reservedV4.check(address, 'ipv4');
  // A zone belongs to an interface of this machine.
  if (!isIPv6(address) || address.includes('%')) return false;

  return unicastV6.check(address, 'ipv6') && !reservedV6.check(address, 'ipv6');
}
