import { expect } from 'chai';
import type { Page } from './browser.js';
import type { RelyingParty } from './conformance.js';

export const postLogout = 'https://rp.example.com/signed-out';
export const logoutClient = { postLogoutRedirectUris: [postLogout] };

/** Signs in; the ID token is what names the person to the logout endpoint. */
export const loggedIn = async (rp: RelyingParty): Promise<string> => (await rp.tokens()).id_token;

export const logOut = (rp: RelyingParty, parameters: Record<string, string>): Promise<Page> =>
  rp.browser.open(`/t/default/oauth2/logout?${new URLSearchParams(parameters).toString()}`);

/** Whether the browser has no session any more. */
export async function loggedOut(rp: RelyingParty): Promise<boolean> {
  return (await rp.authorize({ prompt: 'none' })).answer['error'] === 'login_required';
}

/** The service asks, and the person says yes. */
export async function confirmed(rp: RelyingParty, page: Page): Promise<Page> {
  expect(page.status, page.html).to.equal(200);
  expect(await loggedOut(rp), 'not before the person said so').to.equal(false);
  return rp.browser.press(page);
}

/** The person is told, and goes nowhere. */
export function stays(page: Page): void {
  expect([page.status, page.url]).to.deep.equal([200, 'https://id.example.com/t/default/signed-out']);
}

/** The person is told that the application did something wrong, and stays signed in. */
export async function refuses(rp: RelyingParty, page: Page): Promise<void> {
  expect([page.status, page.headers.get('location')]).to.deep.equal([400, null]);
  expect(await loggedOut(rp)).to.equal(false);
}
