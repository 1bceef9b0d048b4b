import { markup } from './markup.js';
import type { Sheet } from './page-answers.js';
import type { SignInPlace } from './sign-in-sheets.js';
import { symbol } from './symbols.js';

/** What the application asks for, in words; a scope that the tenant made itself is shown by its name. */
export function consentSheet({ site, once, sealed, request }: SignInPlace, application: string): Sheet {
  const { title, text, agree, deny, scopes } = site.words.consent;
  const items = request.scope.map((one) => markup`<li>${Object.hasOwn(scopes, one) ? scopes[one] : one}</li>\n`);
  return {
    title: title(application),
    content: markup`${symbol('person')}<h1>${title(application)}</h1>
<p>${text}</p>
<ul>
${items}</ul>
<form method="post" action="${site.brand.home}/consent">
<input type="hidden" name="request" value="${sealed}">
<input type="hidden" name="once" value="${once}">
<button name="decision" value="agree">${agree}</button>
<button name="decision" value="deny" class="quiet">${deny}</button>
</form>`,
  };
}
