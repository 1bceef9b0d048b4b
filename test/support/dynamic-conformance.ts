import { Annal } from './annal.js';
import { origin, overTls } from './browser.js';
import { callback, RelyingParty } from './conformance.js';
import { KnownDocuments } from './known-documents.js';
import { admitted, root } from './people.js';
import { type Registered, Registering } from './registering.js';

/** What the suite knows in the Dynamic plan: it registers its clients itself, and serves documents of theirs. */
export class DynamicSuite {
  readonly apps: Registering;

  constructor(
    readonly annal: Annal,
    readonly admin: string,
    readonly documents: KnownDocuments,
  ) {
    this.apps = new Registering(annal, origin);
  }

  /** As the suite says it, where a module says nothing else. */
  said(more: object = {}): object {
    return {
      redirect_uris: [callback],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: 'RS256',
      contacts: ['certification@example.com'],
      client_name: 'Suite',
      ...more,
    };
  }

  async registered(more: object = {}): Promise<Registered & { rp: RelyingParty }> {
    const made = await this.apps.made(this.said(more));
    const client = { id: made.client_id, secret: made.client_secret ?? '' };
    const person = await admitted(this.annal, this.admin);
    return { ...made, rp: new RelyingParty(this.annal, this.admin, 'query', client, person) };
  }
}

/** A module of the Dynamic plan, by its name. The suite uses no PKCE, so that the tenant lets confidential clients do without. */
export function dynamicModule(name: string, run: (suite: DynamicSuite) => Promise<void>): void {
  describe(`${name}, by clients that register themselves`, () => {
    let annal: Annal;
    const documents = new KnownDocuments();
    before(async () => {
      annal = await Annal.start({ foundation: { ...overTls, outbound: documents } });
    });
    after(() => annal.stop());

    it('passes', async () => {
      const suite = new DynamicSuite(annal, await root(annal), documents);
      await suite.apps.allow({ mode: 'open', requirePkce: false });
      await run(suite);
    });
  });
}
