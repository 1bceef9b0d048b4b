import { Form } from './forms.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';

/** Nobody is signed out by a link that somebody else made: the person says it. */
export function signOutSheet(site: Site, hidden: Readonly<Record<string, string>>): Sheet {
  const { title, text, button } = site.words.signOut;
  return sheetOf(
    'person',
    { title, text },
    <Form site={site} action={`${site.brand.home}/sign-out`} fields={[]} button={button} hidden={hidden} />,
  );
}

export const signedOutSheet = ({ words }: Site): Sheet => sheetOf('person', words.signOut.done);
