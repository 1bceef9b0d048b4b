import { Form } from './forms.js';
import type { ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import { hiddenOn, pathOn, type Way } from './way.js';

const actionOf = ({ site }: Way): string => `${site.brand.home}/reset-password`;

/** What was typed before, and what is wrong with it. */
type Typed = Readonly<{ identifier?: string; code?: string; problem?: ShownProblem }>;

/** With a link, which knows whose password it is. */
export function chooseSheet(way: Way, token: string, account: string | undefined, problem?: ShownProblem): Sheet {
  const { site } = way;
  const { button, ...notice } = site.words.reset.choose;
  return sheetOf(
    'key',
    notice,
    <Form
      site={site}
      action={actionOf(way)}
      fields={['password', 'repeated']}
      button={button}
      hidden={{ ...hiddenOn(way), token }}
      account={account}
      problem={problem}
    />,
  );
}

/** With a code, which is entered beside the name of the account. */
export function resetCodeSheet(way: Way, { identifier, code, problem }: Typed = {}, sent = false): Sheet {
  const { site } = way;
  const { enterCode, sent: onItsWay, ask } = site.words.reset;
  return sheetOf(
    sent ? 'mail' : 'key',
    { title: (sent ? onItsWay : enterCode).title },
    <>
      {sent && <p>{onItsWay.text}</p>}
      <p>{enterCode.text}</p>
      <Form
        site={site}
        action={`${actionOf(way)}/code`}
        fields={['identifier', 'code', 'password', 'repeated']}
        button={enterCode.button}
        hidden={hiddenOn(way)}
        values={{ identifier, code }}
        problem={problem}
      />
      <p class="soft">
        <a href={pathOn(way, 'reset-password/message')}>{ask.link}</a>
      </p>
    </>,
  );
}

export function askSheet(way: Way, { identifier, problem }: Typed = {}): Sheet {
  const { site } = way;
  const { ask, enterCode } = site.words.reset;
  return sheetOf(
    'key',
    ask,
    <>
      <Form
        site={site}
        action={`${actionOf(way)}/message`}
        fields={['identifier']}
        button={ask.button}
        hidden={hiddenOn(way)}
        values={{ identifier }}
        problem={problem}
      />
      <p class="soft">
        <a href={pathOn(way, 'reset-password/code')}>{enterCode.link}</a>
      </p>
    </>,
  );
}

export const changedSheet = (way: Way): Sheet =>
  sheetOf(
    'done',
    way.site.words.reset.changed,
    <p>
      <a class="button" href={pathOn(way, 'sign-in')}>
        {way.site.words.signIn.title}
      </a>
    </p>,
  );

export function deadResetSheet(way: Way): Sheet {
  const { deadLink, ask } = way.site.words.reset;
  return sheetOf(
    'failed',
    deadLink,
    <p>
      <a class="button" href={pathOn(way, 'reset-password/message')}>
        {ask.button}
      </a>
    </p>,
  );
}
