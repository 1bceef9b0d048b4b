import { askedFor, type AuthorizationRequest } from '../../domain/authorization/request.js';
import { Hidden } from './forms.js';
import { type Sheet, sheetOf } from './sheets.js';
import { hiddenOn, type Way } from './way.js';

export type AskedPerson = Readonly<{ id: string; name: string }>;

/** What the application asks for, in words; a scope that the tenant made itself is shown by its name. */
export function consentSheet(
  way: Way,
  request: AuthorizationRequest,
  application: string,
  account: AskedPerson,
): Sheet {
  const { site } = way;
  const { title, text, agree, deny, remembered, scopes } = site.words.consent;
  return sheetOf(
    'person',
    { title: title(application), text },
    <>
      <ul>
        {askedFor(request).map((one) => (
          <li>{Object.hasOwn(scopes, one) ? scopes[one] : one}</li>
        ))}
      </ul>
      <p class="soft">{remembered(account.name)}</p>
      <form method="post" action={`${site.brand.home}/consent`}>
        <Hidden fields={{ ...hiddenOn(way), account: account.id }} />
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
