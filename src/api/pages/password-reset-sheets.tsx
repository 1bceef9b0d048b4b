import { Form } from './forms.js';
import type { ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';

/** `once` is for the form to show. */
export type ResetPlace = Readonly<{ site: Site; once: string }>;

export const resetPath = ({ site }: Pick<ResetPlace, 'site'>): string => `${site.brand.home}/reset-password`;

/** What was typed before, and what is wrong with it. */
type Typed = Readonly<{ identifier?: string; code?: string; problem?: ShownProblem }>;

/** With a link, which knows whose password it is. */
export function chooseSheet(
  place: ResetPlace,
  token: string,
  account: string | undefined,
  problem?: ShownProblem,
): Sheet {
  const { site, once } = place;
  const { button, ...notice } = site.words.reset.choose;
  return sheetOf(
    'key',
    notice,
    <Form
      site={site}
      action={resetPath(place)}
      fields={['password', 'repeated']}
      button={button}
      hidden={{ token, once }}
      account={account}
      problem={problem}
    />,
  );
}

/** With a code, which is entered beside the name of the account. */
export function resetCodeSheet(place: ResetPlace, { identifier, code, problem }: Typed = {}, sent = false): Sheet {
  const { site, once } = place;
  const { enterCode, sent: onItsWay, ask } = site.words.reset;
  return sheetOf(
    sent ? 'mail' : 'key',
    { title: (sent ? onItsWay : enterCode).title },
    <>
      {sent && <p>{onItsWay.text}</p>}
      <p>{enterCode.text}</p>
      <Form
        site={site}
        action={`${resetPath(place)}/code`}
        fields={['identifier', 'code', 'password', 'repeated']}
        button={enterCode.button}
        hidden={{ once }}
        values={{ identifier, code }}
        problem={problem}
      />
      <p class="soft">
        <a href={`${resetPath(place)}/message`}>{ask.link}</a>
      </p>
    </>,
  );
}

export function askSheet(place: ResetPlace, { identifier, problem }: Typed = {}): Sheet {
  const { site, once } = place;
  const { ask, enterCode } = site.words.reset;
  return sheetOf(
    'key',
    ask,
    <>
      <Form
        site={site}
        action={`${resetPath(place)}/message`}
        fields={['identifier']}
        button={ask.button}
        hidden={{ once }}
        values={{ identifier }}
        problem={problem}
      />
      <p class="soft">
        <a href={`${resetPath(place)}/code`}>{enterCode.link}</a>
      </p>
    </>,
  );
}

export const changedSheet = ({ site }: ResetPlace): Sheet => sheetOf('done', site.words.reset.changed);

export function deadResetSheet(place: ResetPlace): Sheet {
  const { deadLink, ask } = place.site.words.reset;
  return sheetOf(
    'failed',
    deadLink,
    <p>
      <a class="button" href={`${resetPath(place)}/message`}>
        {ask.button}
      </a>
    </p>,
  );
}
