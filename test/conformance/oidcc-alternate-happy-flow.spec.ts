import { expect } from 'chai';
import { callback, conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1: the code flow with another of the client’s redirect URIs. */
conformanceModule(
  'oidcc-alternate-happy-flow',
  async (rp) => {
    const other = `${callback}?kept=a%20b`;
    const { answer, page } = await rp.authorize({ redirect_uri: other });
    expect(answer['code'], page.html).to.be.a('string');
    if (rp.mode === 'query') expect(page.url).to.satisfy((url: string) => url.startsWith(`${other}&`));
    const { status, body } = await rp.redeem(answer['code'] ?? '', { redirect_uri: other });
    expect(status, JSON.stringify(body)).to.equal(200);
    await rp.verified(body['id_token'] as string);
  },
  undefined,
  {
    redirectUris: [callback, `${callback}?kept=a%20b`],
  },
);
