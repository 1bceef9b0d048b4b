import { type LoginRow, logins } from '../../../projections/login-history.js';
import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { shown } from '../page-answers.js';
import { type Sheet, sheetOf } from '../sheets.js';
import { accountPage } from './account-rows.js';
import { BackToAccount } from './overview.js';
import type { Person, PersonServices } from './person.js';
import { Moment } from './sessions.js';

type Needed = PersonServices & Pick<Services, 'knex' | 'readModels'>;

/** As many as one looks through. */
const shownAtOnce = 50;

const placeOf = ({ browser, operating_system, ip }: LoginRow): string =>
  [browser, operating_system, ip].filter((one) => one !== null).join(' · ');

function historySheet({ site }: Person, rows: readonly LoginRow[] | undefined): Sheet {
  const { outcomes, none, later, ...notice } = site.words.portal.history;
  return sheetOf(
    'key',
    notice,
    <>
      {!rows && <p>{later}</p>}
      {rows?.length === 0 && <p>{none}</p>}
      {rows && rows.length > 0 && (
        <ul class="facts">
          {rows.map((row) => (
            <li>
              <strong>{outcomes[row.outcome]}</strong>
              <p class="soft">
                <Moment site={site} at={row.at.toISOString()} /> · {placeOf(row)}
              </p>
            </li>
          ))}
        </ul>
      )}
      <BackToAccount person={{ site }} />
    </>,
  );
}

export const accountHistoryPages: readonly Route<Needed>[] = [
  accountPage({
    id: 'accountHistoryPage',
    path: '/t/:tenant/account/history',
    summary: 'The latest sign-ins and tries of the person',
    show: async ({ knex, readModels }: Needed, person, { context: { tenant } }) => {
      // Rather none than a part of them.
      const isWhole = (await readModels.standing('login_history', tenant)) === 'serving';
      const rows = isWhole ? await logins(knex, tenant, { user: person.held.user }, shownAtOnce) : undefined;
      return shown(person.site, historySheet(person, rows));
    },
  }),
];
