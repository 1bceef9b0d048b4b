import { expect } from 'chai';
import { announce, personToTell } from '../../../src/application/notifications/announcements.js';
import type { Announcement } from '../../../src/application/notifications/announcement.js';
import type { Contact } from '../../../src/application/ports/people.js';
import type { TenantSite } from '../../../src/application/ports/tenant-sites.js';
import type { Message } from '../../../src/domain/decider.js';
import { type ClaimId, type Instant, personal, type UserId } from '../../../src/domain/values.js';

const user = 'ada' as UserId;
const at = '2026-01-01T00:00:00.000Z' as Instant;
const claim = (name: string) => name as ClaimId;
const address = (value: string, verified = true) => ({ address: value, claim: claim(value), verified });
const site: TenantSite = {
  url: 'https://id.example.org/t/acme',
  name: 'Acme',
  defaultLocale: 'en',
  verification: { requiredToSignIn: true, linkSeconds: 86_400, codeSeconds: 600, perHour: 5 },
};
const both: Contact = {
  locale: 'en',
  names: {},
  emails: [address('ada@example.org')],
  phones: [address('+49')],
  waiting: [claim('new')],
  standing: { user: 0, credentials: 0, invitations: 0 },
};
const unproved: Contact = { ...both, emails: [address('ada@example.org', false)], phones: [address('+49', false)] };
const phoneOnly: Contact = { ...both, emails: [] };

const given = (contact: Contact) => ({
  when: (event: Message): Announcement | undefined => announce(event, { contact, site }),
});
const event = <Data extends object>(type: string, data?: Data) => ({ type, user, at, ...data });
const told = (announcement: Announcement | undefined) => announcement?.recipients.map(({ address: to }) => to);

describe('what an event has to say', () => {
  it('asks an unproved address for its proof', () => {
    const asked = given(unproved).when(event('user.verification-requested', { kind: 'phone', claim: claim('+49') }));

    expect(asked).to.deep.equal({
      kind: 'verify-phone',
      proof: { kind: 'verify-phone', claim: '+49' },
      recipients: [{ channel: 'text-message', address: '+49' }],
    });
  });

  it('asks the new value of an address, not the old one', () => {
    const value = personal(user, 'new@example.org');
    const asked = given(both).when(
      event('user.identifier-change-requested', { kind: 'email', value, claim: claim('new') }),
    );

    expect(asked).to.deep.include({ kind: 'verify-email', proof: { kind: 'verify-email', claim: 'new' } });
    expect(told(asked)).to.deep.equal(['new@example.org']);
  });

  it('says nothing to a new value that does not wait any more, or waits on the word of an older password', () => {
    const value = personal(user, 'new@example.org');
    const request = event('user.identifier-change-requested', { kind: 'email', value, claim: claim('new') });

    expect(given({ ...both, waiting: [claim('other')] }).when(request)).to.equal(undefined);
  });

  it('says nothing of an address whose key was destroyed', () => {
    const value = personal<string | undefined>(user, undefined);

    expect(
      given(both).when(event('user.identifier-change-requested', { kind: 'email', value, claim: claim('new') })),
    ).to.equal(undefined);
  });

  it('tells the previous address of a change, and the mail of a person whose number changed', () => {
    const changed = (kind: string, old: string | undefined) =>
      told(
        given(both).when(
          event('user.identifier-changed', {
            kind,
            value: personal(user, 'new'),
            claim: claim('new'),
            verified: true,
            ...(old !== undefined && {
              previous: { kind, value: personal(user, old), claim: claim(old), verified: true },
            }),
          }),
        ),
      );

    expect(changed('email', 'old@example.org')).to.deep.equal(['old@example.org']);
    expect(changed('phone', '+1')).to.deep.equal(['+1', 'ada@example.org']);
    expect(changed('username', 'old')).to.deep.equal(['ada@example.org', '+49']);
    expect(changed('email', undefined)).to.equal(undefined);
  });

  it('tells an address that was removed, where it had been proved, and those that are left', () => {
    const removed = (kind: string, old: string, verified: boolean) =>
      told(
        given(both).when(
          event('user.identifier-removed', { kind, value: personal(user, old), claim: claim(old), verified }),
        ),
      );
    expect(removed('email', 'old@example.org', true)).to.deep.equal(['old@example.org', 'ada@example.org', '+49']);
    expect(removed('phone', '+1', true)).to.deep.equal(['+1', 'ada@example.org', '+49']);
    expect(removed('phone', '+1', false)).to.deep.equal(['ada@example.org', '+49']);
    expect(removed('username', 'old', true)).to.deep.equal(['ada@example.org', '+49']);
  });

  it('tells every proved address what happened to the password, or the only ones there are', () => {
    for (const type of ['credentials.password-changed', 'credentials.password-reset']) {
      expect(told(given(both).when(event(type)))).to.deep.equal(['ada@example.org', '+49']);
      expect(told(given(unproved).when(event(type)))).to.deep.equal(['ada@example.org', '+49']);
    }
  });

  it('sends a reset by mail, and to a telephone only where there is no mail', () => {
    expect(told(given(both).when(event('credentials.password-reset-requested')))).to.deep.equal(['ada@example.org']);
    expect(told(given(phoneOnly).when(event('credentials.password-reset-requested')))).to.deep.equal(['+49']);
  });

  it('tells somebody who registered before, without a proof that would sign anybody in', () => {
    const repeated = given(both).when(event('user.registration-repeated', { kind: 'email' }));

    expect(repeated).to.deep.equal({
      kind: 'already-registered',
      details: { link: 'https://id.example.org/t/acme/reset-password' },
      recipients: [{ channel: 'mail', address: 'ada@example.org' }],
    });
  });

  it('repeats an invitation', () => {
    for (const type of ['user.invited', 'user.invitation-repeated']) {
      expect(given(unproved).when(event(type))).to.deep.include({ kind: 'invitation', proof: { kind: 'invitation' } });
    }
  });

  it('warns of a refresh token that was used twice', () => {
    expect(given(both).when(event('grant.reuse-detected', { generation: 1 }))).to.include({
      kind: 'refresh-token-reused',
    });
  });

  it('looks nobody up for events that say nothing', () => {
    expect(personToTell(event('user.profile-changed'))).to.equal(undefined);
    expect(personToTell(event('grant.refreshed'))).to.equal(undefined);
    expect(personToTell(event('session.started'))).to.equal(undefined);
    expect(personToTell(event('toString'))).to.equal(undefined);
    expect(personToTell(event('user.invited'))).to.equal(user);
  });
});
