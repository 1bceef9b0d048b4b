import type { NextStep } from '../../domain/signin/verdict.js';
import { Form, Hidden } from './forms.js';
import type { ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';
import { hiddenOn, pathOn, type Way } from './way.js';
import type { FieldName, Step, Wording } from './wording/wording.js';

export function identifierSheet(way: Way, identifier?: string, problem?: ShownProblem): Sheet {
  const { site } = way;
  const { title, text, button, forgotten, register } = site.words.signIn;
  return sheetOf(
    'person',
    { title, text: text(site.brand.name) },
    <>
      <Form
        site={site}
        action={`${site.brand.home}/sign-in`}
        fields={['identifier']}
        button={button}
        hidden={hiddenOn(way)}
        values={{ identifier }}
        problem={problem}
      />
      <p class="soft">
        <a href={pathOn(way, 'reset-password/message')}>{forgotten}</a>
        {site.policy.settings.registration.open && (
          <>
            {' · '}
            <a href={pathOn(way, 'register')}>{register}</a>
          </>
        )}
      </p>
    </>,
  );
}

export function passwordSheet(way: Way, identifier: string, problem?: ShownProblem): Sheet {
  const { site } = way;
  const { title, finish, forgotten, other } = site.words.signIn;
  return sheetOf(
    'key',
    { title },
    <>
      <Form
        site={site}
        action={`${site.brand.home}/sign-in`}
        fields={['current']}
        button={finish}
        hidden={{ ...hiddenOn(way), identifier }}
        account={identifier}
        problem={problem}
      />
      <p class="soft">
        <a href={pathOn(way, 'sign-in')}>{other}</a> · <a href={pathOn(way, 'reset-password/message')}>{forgotten}</a>
      </p>
    </>,
  );
}

/** What each step asks for. A second factor and a captcha have pages of their own. */
const byCode = { page: 'code', field: 'code', words: ({ signIn }: Wording) => signIn.verify } as const;
const asked: Readonly<Record<NextStep, Readonly<{ page: string; field: FieldName; words: (words: Wording) => Step }>>> =
  {
    'verify-email': byCode,
    'verify-phone': byCode,
    'change-password': { page: 'renewal', field: 'password', words: ({ signIn }) => signIn.renew },
    'second-factor': byCode,
    captcha: byCode,
  };

/** A sign-in that waits for its next step, as it travels with the person. */
export type OpenStep = Readonly<{ step: NextStep; flow: string }>;

type Said = Readonly<{ problem?: ShownProblem | undefined; notice?: string; text?: string }>;

export function nextStepSheet(way: Way, { step, flow }: OpenStep, { problem, notice, text }: Said = {}): Sheet {
  const { site } = way;
  const { page, field, words } = asked[step];
  const { button, ...said } = words(site.words);
  const hidden = { ...hiddenOn(way), flow };
  return sheetOf(
    field === 'code' ? 'mail' : 'key',
    { ...said, ...(text !== undefined && { text }) },
    <>
      {notice !== undefined && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <Form
        site={site}
        action={`${site.brand.home}/sign-in/${page}`}
        fields={[field]}
        button={button}
        hidden={hidden}
        problem={problem}
      />
      {field === 'code' && (
        <form method="post" action={`${site.brand.home}/sign-in/message`}>
          <Hidden fields={hidden} />
          <button class="quiet">{site.words.signIn.resend}</button>
        </form>
      )}
    </>,
  );
}

/** Nothing is lost: the application asks again. */
export const deadRequestSheet = ({ words }: Site): Sheet => sheetOf('failed', words.signIn.dead);
