import { expect } from 'chai';
import { interaction, type Present } from '../../../src/domain/authorization/interaction.js';
import type { AuthorizationRequest } from '../../../src/domain/authorization/request.js';
import type { ClientId } from '../../../src/domain/values.js';
import { after, start } from '../../support/moments.js';

const came = after(600);
const now = after(660);
const request: AuthorizationRequest = {
  client: 'shop' as ClientId,
  redirectUri: 'https://shop.example/cb',
  redirectUriNamed: true,
  responseMode: 'query',
  scope: ['openid', 'email'],
  prompt: [],
  uiLocales: [],
  acrValues: [],
  at: came,
};
const signedIn = { user: 'ada', authenticatedAt: start, factors: ['pwd'] };
const ada: Present = {
  session: signedIn,
  accountChosen: false,
  granted: ['openid', 'email'],
  agreed: false,
  firstParty: false,
};
const { session: _, ...nobody } = ada;
const granted = { granted: request.scope };

type Case = readonly [what: string, request: Partial<AuthorizationRequest>, present: Present, outcome: string];
const cases: readonly Case[] = [
  ['nobody is signed in', {}, nobody, 'sign-in'],
  ['nobody is signed in, and nobody may be asked', { prompt: ['none'] }, nobody, 'login_required'],
  ['nobody is signed in, and an account is to be made', { prompt: ['create'] }, nobody, 'registration'],
  ['everything was granted before', {}, ada, 'granted'],
  ['everything was granted before, and nobody may be asked', { prompt: ['none'] }, ada, 'granted'],
  ['more is asked for than before', { scope: ['openid', 'phone'] }, ada, 'consent'],
  ['more is asked for, and nobody may be asked', { scope: ['phone'], prompt: ['none'] }, ada, 'consent_required'],
  ['the person is to be asked again', { prompt: ['consent'] }, ada, 'consent'],
  ['the person has just agreed', { prompt: ['consent'] }, { ...ada, granted: [], agreed: true }, 'granted'],
  ['the application is the tenant’s own', { scope: ['phone'] }, { ...ada, granted: [], firstParty: true }, 'granted'],
  ['it is the tenant’s own and wants a question', { prompt: ['consent'] }, { ...ada, firstParty: true }, 'consent'],
  [
    'the account was chosen by signing in',
    { prompt: ['select_account'] },
    { ...ada, session: { ...signedIn, authenticatedAt: now } },
    'granted',
  ],
  ['an account is to be made by somebody who has one', { prompt: ['create'] }, ada, 'registration'],
  ['it has been made', { prompt: ['create'] }, { ...ada, session: { ...signedIn, authenticatedAt: now } }, 'granted'],
  ['a proof from before does not do', { prompt: ['login'] }, ada, 'sign-in'],
  [
    'the proof came after the request',
    { prompt: ['login'] },
    { ...ada, session: { ...signedIn, authenticatedAt: now } },
    'granted',
  ],
  ['the proof is as old as may be', { maxAge: 660 }, ada, 'granted'],
  ['the proof is too old', { maxAge: 659 }, ada, 'sign-in'],
  ['the proof is too old, and nobody may be asked', { maxAge: 1, prompt: ['none'] }, ada, 'login_required'],
  ['no proof from before will do', { maxAge: 0 }, ada, 'sign-in'],
  [
    'a fresh proof stays fresh while the person reads',
    { maxAge: 0 },
    { ...ada, session: { ...signedIn, authenticatedAt: came } },
    'granted',
  ],
  ['the person named is signed in', { subjectHint: 'ada' }, ada, 'granted'],
  ['somebody else is signed in', { subjectHint: 'eve' }, ada, 'sign-in'],
  [
    'somebody else has just signed in',
    { subjectHint: 'eve' },
    { ...ada, session: { ...signedIn, authenticatedAt: now } },
    'login_required',
  ],
  [
    'somebody else is signed in, and nobody may be asked',
    { subjectHint: 'eve', prompt: ['none'] },
    ada,
    'login_required',
  ],
  ['the account is to be chosen', { prompt: ['select_account'] }, ada, 'select-account'],
  ['the account was chosen', { prompt: ['select_account'] }, { ...ada, accountChosen: true }, 'granted'],
];

describe('what follows an authorization request', () => {
  for (const [what, wanted, present, outcome] of cases) {
    it(`is ${outcome} where ${what}`, () => {
      const decided = interaction({ ...request, ...wanted }, present, now);
      if ('need' in decided) expect(decided.need).to.equal(outcome);
      else if ('refused' in decided) expect(decided.refused.error).to.equal(outcome);
      else expect(outcome).to.equal('granted');
    });
  }

  it('grants what was asked for, no more', () => {
    expect(interaction(request, ada, now)).to.deep.equal(granted);
  });
});
