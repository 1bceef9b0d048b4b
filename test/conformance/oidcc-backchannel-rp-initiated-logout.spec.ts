import { expect } from 'chai';
import { BackchannelLogout } from '../../src/application/backchannel-logout.js';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, logOut, logoutClient, postLogout } from '../support/conformance-logout.js';
import { KnownDocuments } from '../support/known-documents.js';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';

const backchannelLogoutUri = 'https://rp.example.com/backchannel-logout';
const internet = new KnownDocuments();

/** OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.5: the client hears of it, by a token of its own kind. */
conformanceModule(
  'oidcc-backchannel-rp-initiated-logout',
  async (rp) => {
    const { annal } = rp;
    const deliver = () => annal.container.get(BackchannelLogout).deliverDue(annal.clock.now());
    const hint = await loggedIn(rp);
    const page = await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: postLogout, state: 'x' });
    expect(page.url).to.equal(`${postLogout}?state=x`);

    // Nobody listens at first.
    await deliver();
    expect(internet.posted).to.deep.equal([]);
    internet.listening.add(backchannelLogoutUri);
    annal.clock.advance(60);
    await deliver();
    expect(internet.posted.map(([url]) => url)).to.deep.equal([backchannelLogoutUri]);

    const token = internet.posted[0]?.[1]['logout_token'] ?? '';
    const { body } = await annal.call<JSONWebKeySet>('GET', '/t/default/jwks.json');
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), {
      issuer: 'https://id.example.com/t/default',
      audience: rp.client.id,
      typ: 'logout+jwt',
      algorithms: ['RS256'],
      currentDate: new Date(annal.clock.now()),
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    const { sub, sid } = decodeJwt(hint);
    expect(payload).to.include({ sub, sid });
    expect(payload['events']).to.deep.equal({ 'http://schemas.openid.net/event/backchannel-logout': {} });
    expect(payload).not.to.have.property('nonce');
    expect((payload.exp as number) - (payload.iat as number)).to.be.at.most(120);
    expect((await logOut(rp, { id_token_hint: token })).status, 'it is no ID token').to.equal(400);

    annal.clock.advance(3_600);
    await deliver();
    expect(internet.posted.length, 'once taken it is not sent again').to.equal(1);
  },
  ['query'],
  { ...logoutClient, backchannelLogoutUri, backchannelLogoutSessionRequired: true },
  internet,
);
