import type { UserAgents } from '../../application/ports/user-agents.js';
import type { Origin } from '../../domain/signin/signin.js';

/** Longer claims of an agent are cut: nothing real is longer. */
const maxAgentLength = 512;

/** Where a request comes from, as recorded (sealed) with a sign-in. */
export function originOf(
  userAgents: UserAgents,
  { address, userAgent }: Readonly<{ address: string; userAgent: string | undefined }>,
): Origin {
  const { browser, operatingSystem, device } = userAgents.parse(userAgent);
  return {
    ip: address,
    userAgent: (userAgent ?? '').slice(0, maxAgentLength),
    ...(browser !== undefined && { browser }),
    ...(operatingSystem !== undefined && { operatingSystem }),
    device,
  };
}
