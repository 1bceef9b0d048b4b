import { type ClientId, numericDate } from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { CommandContext } from './ports/event-log.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Introspection } from './token-status.js';

/**
 * Introspection answers as JWTs (RFC 9701 section 5): for who asked, with what was answered as one claim, so that nothing of it stands where a
 * token's own claims would.
 */
export class IntrospectionAnswers {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly issuers: Issuers,
  ) {}

  async sign(
    context: CommandContext,
    slug: string,
    caller: ClientId,
    { active, ...told }: Introspection,
  ): Promise<string> {
    const key = await this.keys.currentOrFirst(context, 'ES256');
    return this.keys.sign(key, 'token-introspection+jwt', {
      iss: this.issuers.of(slug),
      aud: caller,
      iat: numericDate(context.at),
      token_introspection: { active, ...told },
    });
  }
}
