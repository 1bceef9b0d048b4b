import { askedFor } from '../../domain/authorization/request.js';
import { Hidden } from './forms.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { SignInPlace } from './sign-in-sheets.js';

/** What the application asks for, in words; a scope that the tenant made itself is shown by its name. */
export function consentSheet({ site, once, sealed, request }: SignInPlace, application: string): Sheet {
  const { title, text, agree, deny, scopes } = site.words.consent;
  return sheetOf(
    'person',
    { title: title(application), text },
    <>
      <ul>
        {askedFor(request).map((one) => (
          <li>{Object.hasOwn(scopes, one) ? scopes[one] : one}</li>
        ))}
      </ul>
      <form method="post" action={`${site.brand.home}/consent`}>
        <Hidden fields={{ request: sealed, once }} />
        <button name="decision" value="agree">
          {agree}
        </button>
        <button name="decision" value="deny" class="quiet">
          {deny}
        </button>
      </form>
    </>,
  );
}
