import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';

/** `reason` is for whoever wrote the application; the person before the page can only go back to it. */
export function authorizationRefusedSheet({ words }: Site, reason: string): Sheet {
  const { forDevelopers, ...notice } = words.authorizationRefused;
  return sheetOf(
    'failed',
    notice,
    <p class="soft">
      {forDevelopers}: {reason}
    </p>,
  );
}
