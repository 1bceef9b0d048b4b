import { createHash } from 'node:crypto';
import { KeyMissing, SealBroken, type Vault } from '../../application/ports/vault.js';
import type { TenantId } from '../../domain/values.js';
import type { PageState } from '../answer/answer.js';
import { Problem } from '../problems/problem.js';

/** The list that a cursor continues; a cursor of any other list does not open. */
export type ListIdentity = Readonly<{
  tenant: TenantId;
  route: string;
  /** Every parameter but `cursor` and `limit`. */
  query: Readonly<Record<string, string>>;
}>;

const form = /^[A-Za-z0-9_.:~-]{1,2048}$/;

/** Cursors are sealed: sort keys may be personal data and cursors stand in URLs, and nobody can make or change one. */
export class Cursors {
  constructor(private readonly vault: Vault) {}

  seal(list: ListIdentity, state: PageState): Promise<string> {
    return this.vault.seal(keyOf(list), Buffer.from(JSON.stringify(state)), aadOf(list));
  }

  /** @throws Problem invalid-cursor */
  async open(list: ListIdentity, cursor: string): Promise<PageState> {
    if (!form.test(cursor)) throw new Problem('invalid-cursor');
    let clear: Uint8Array | undefined;
    try {
      clear = await this.vault.open(keyOf(list), cursor, aadOf(list));
    } catch (error) {
      // A vault that does not answer is no fault of the cursor.
      if (!(error instanceof SealBroken || error instanceof KeyMissing)) throw error;
      throw new Problem('invalid-cursor', { cause: error });
    }
    if (clear === undefined) throw new Problem('invalid-cursor');

    return JSON.parse(Buffer.from(clear).toString('utf8')) as PageState;
  }
}

const keyOf = ({ tenant }: ListIdentity) => ({ tenant, scope: 'tenant', id: 'cursors' }) as const;

function aadOf({ tenant, route, query }: ListIdentity): string {
  const parameters = Object.keys(query)
    .sort()
    .map((name) => [name, query[name]]);
  const digest = createHash('sha256').update(JSON.stringify(parameters)).digest('base64url');
  return `cursor|${tenant}|${route}|${digest}`;
}
