import type { FieldError } from '../problems/problem.js';
import { type Markup, markup } from './markup.js';
import type { ShownProblem } from './refusals.js';
import type { Site } from './site.js';
import type { FieldName, ShownRefusal } from './wording/wording.js';

export type Form = Readonly<{
  action: string;
  fields: readonly FieldName[];
  button: string;
  /** Sent along unseen. */
  hidden: Readonly<Record<string, string>>;
  /** Who it is for; shown, and read by password managers. */
  account?: string | undefined;
  values?: Readonly<Partial<Record<FieldName, string | undefined>>>;
  problem?: ShownProblem | undefined;
}>;

/** What browsers must know to fill a field in: type, purpose (HTML section 4.10.18.7) and keyboard. */
const inputs: Readonly<
  Record<FieldName, Readonly<{ type: string; autocomplete: string; more: Markup; secret?: true }>>
> = {
  email: { type: 'email', autocomplete: 'email', more: markup` spellcheck="false"` },
  phone: { type: 'tel', autocomplete: 'tel', more: markup`` },
  identifier: { type: 'text', autocomplete: 'username', more: markup` autocapitalize="none" spellcheck="false"` },
  code: { type: 'text', autocomplete: 'one-time-code', more: markup` inputmode="numeric" maxlength="16"` },
  current: { type: 'password', autocomplete: 'current-password', more: markup``, secret: true },
  password: { type: 'password', autocomplete: 'new-password', more: markup``, secret: true },
  repeated: { type: 'password', autocomplete: 'new-password', more: markup``, secret: true },
};

type Errors = ReadonlyMap<FieldName, readonly string[]>;

/** A form that works without a script. With a problem it says above what is wrong, and beside each field that is meant. */
export function formOf(site: Site, form: Form): Markup {
  const errors = errorsOf(site, form);
  const first = form.fields.find((name) => errors.has(name));
  const hidden = Object.entries(form.hidden).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">\n`,
  );

  return markup`${form.problem && alert(site, form.problem.code, errors)}<form method="post" action="${form.action}" novalidate>
${hidden}${form.account !== undefined && accountField(site, form.account)}${form.fields.map((name) => field(site, name, form, errors, name === first))}<button>${form.button}</button>
</form>
`;
}

/** Programs announce it when the page has loaded; its links lead to the fields. */
function alert({ words }: Site, code: ShownRefusal, errors: Errors): Markup {
  const items = [...errors].map(([name, [message]]) => markup`<li><a href="#${name}">${message}</a></li>`);
  return markup`<div class="alert" role="alert" aria-live="assertive">
<h2>${items.length > 0 ? words.refusals['invalid-fields'] : words.refusals[code]}</h2>
${items.length > 0 ? markup`<ul>${items}</ul>` : undefined}
</div>
`;
}

/** Without a name, so it is not sent. */
const accountField = ({ words }: Site, account: string): Markup => markup`<div class="field">
<label for="account">${words.account}</label>
<input id="account" type="text" value="${account}" autocomplete="username" readonly>
</div>
`;

function field({ words, policy }: Site, name: FieldName, { values }: Form, errors: Errors, first: boolean): Markup {
  const { type, autocomplete, more, secret } = inputs[name];
  const { label } = words.fields[name];
  const hint = name === 'password' ? words.passwordHint(policy.settings.password) : words.fields[name].hint;
  const wrong = errors.get(name);
  const described = [...(hint === undefined ? [] : [`${name}-hint`]), ...(wrong ? [`${name}-error`] : [])].join(' ');
  const state = markup`${described && markup` aria-describedby="${described}"`}${wrong && markup` aria-invalid="true"`}${first && markup` autofocus`}`;

  return markup`<div class="field">
<label for="${name}">${label}</label>
${hint !== undefined && markup`<p class="hint" id="${name}-hint">${hint}</p>\n`}${wrong && markup`<p class="error" id="${name}-error">${wrong.join(' ')}</p>\n`}<input id="${name}" name="${name}" type="${type}" value="${secret ? '' : values?.[name]}" autocomplete="${autocomplete}"${more} required${state}>
</div>
`;
}

/** A code that proves nothing is the fault of the field that it was entered in. */
function errorsOf(site: Site, { problem, fields }: Form): Errors {
  const errors = new Map<FieldName, readonly string[]>();
  if (!problem) return errors;
  if (problem.code === 'invalid-proof' && fields.includes('code'))
    errors.set('code', [site.words.refusals['invalid-proof']]);
  for (const error of problem.errors) {
    const name = fields.find((one) => error.pointer === `/${one}`);
    if (name) errors.set(name, [...(errors.get(name) ?? []), messageOf(site, name, error)]);
  }
  return errors;
}

function messageOf({ words, policy }: Site, name: FieldName, { code }: FieldError): string {
  const { passwordViolations, refusals, fields } = words;
  if (Object.hasOwn(passwordViolations, code)) {
    return passwordViolations[code as keyof typeof passwordViolations](policy.settings.password);
  }
  return Object.hasOwn(refusals, code) ? refusals[code as ShownRefusal] : fields[name].invalid;
}
