import type { InputHTMLAttributes } from 'preact';
import type { FieldError } from '../problems/problem.js';
import type { ShownProblem } from './refusals.js';
import type { Site } from './site.js';
import type { FieldName, ShownRefusal, Wording } from './wording/wording.js';

export type FormProps = Readonly<{
  site: Site;
  action: string;
  fields: readonly FieldName[];
  /** Of these. */
  optional?: readonly FieldName[];
  button: string;
  /** Does what is done less often. */
  quiet?: boolean;
  /** Sent along unseen. */
  hidden: Readonly<Record<string, string>>;
  /** Who it is for; shown, and read by password managers. */
  account?: string | undefined;
  values?: Readonly<Partial<Record<FieldName, string | undefined>>>;
  problem?: ShownProblem | undefined;
}>;

/** What browsers must know to fill a field in: type, purpose (HTML section 4.10.18.7) and keyboard. */
const inputs: Readonly<Record<FieldName, InputHTMLAttributes>> = {
  firstName: { type: 'text', autocomplete: 'given-name' },
  lastName: { type: 'text', autocomplete: 'family-name' },
  username: { type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: false },
  email: { type: 'email', autocomplete: 'email', spellcheck: false },
  phone: { type: 'tel', autocomplete: 'tel' },
  identifier: { type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: false },
  code: { type: 'text', autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: 16 },
  current: { type: 'password', autocomplete: 'current-password' },
  password: { type: 'password', autocomplete: 'new-password' },
  repeated: { type: 'password', autocomplete: 'new-password' },
};

type Errors = ReadonlyMap<FieldName, readonly string[]>;

/** A form that works without a script. With a problem it says above what is wrong, and beside each field that is meant. */
export function Form(form: FormProps) {
  const { site, action, fields, optional = [], button, quiet, hidden, account, values, problem } = form;
  const errors = errorsOf(form);
  const first = fields.find((name) => errors.has(name));
  return (
    <>
      {problem && <Alert site={site} problem={problem} errors={errors} />}
      <form method="post" action={action} novalidate>
        <Hidden fields={hidden} />
        {account !== undefined && <Account site={site} name={account} />}
        {fields.map((name) => (
          <Field
            site={site}
            name={name}
            value={values?.[name]}
            required={!optional.includes(name)}
            wrong={errors.get(name)}
            first={name === first}
          />
        ))}
        <button {...(quiet && { class: 'quiet' })}>{button}</button>
      </form>
    </>
  );
}

export const Hidden = ({ fields }: Readonly<{ fields: Readonly<Record<string, string>> }>) => (
  <>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

/** Programs announce it when the page has loaded; its links lead to the fields. */
function Alert({ site: { words }, problem, errors }: Readonly<{ site: Site; problem: ShownProblem; errors: Errors }>) {
  const marked = errors.size > 0;
  return (
    <div class="alert" role="alert" aria-live="assertive">
      <h2>{marked ? words.refusals['invalid-fields'] : refusalText(words, problem)}</h2>
      {marked && (
        <ul>
          {[...errors].map(([name, [message]]) => (
            <li>
              <a href={`#${name}`}>{message}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function refusalText({ refusals, waiting }: Wording, { code, headers }: ShownProblem): string {
  const seconds = headers['Retry-After'];
  return code === 'too-many-attempts' && seconds !== undefined ? waiting(Number(seconds)) : refusals[code];
}

/** Without a name, so it is not sent. */
const Account = ({ site, name }: Readonly<{ site: Site; name: string }>) => (
  <div class="field">
    <label for="account">{site.words.account}</label>
    <input id="account" type="text" value={name} autocomplete="username" readonly />
  </div>
);

type FieldProps = Readonly<{
  site: Site;
  name: FieldName;
  value: string | undefined;
  required: boolean;
  wrong: readonly string[] | undefined;
  first: boolean;
}>;

function Field({ site: { words, policy }, name, value, required, wrong, first }: FieldProps) {
  const { label } = words.fields[name];
  const hint = name === 'password' ? words.passwordHint(policy.settings.password) : words.fields[name].hint;
  const described = [...(hint === undefined ? [] : [`${name}-hint`]), ...(wrong ? [`${name}-error`] : [])].join(' ');
  const isSecret = inputs[name].type === 'password';
  return (
    <div class="field" {...(isSecret && { 'data-show': words.showPassword, 'data-hide': words.hidePassword })}>
      <label for={name}>{required ? label : `${label} (${words.optional})`}</label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="error" id={`${name}-error`}>
          {wrong.join(' ')}
        </p>
      )}
      <input
        id={name}
        name={name}
        {...inputs[name]}
        value={isSecret ? '' : (value ?? '')}
        required={required}
        {...(described !== '' && { 'aria-describedby': described })}
        {...(wrong && { 'aria-invalid': true })}
        autofocus={first}
      />
    </div>
  );
}

/** A code that proves nothing is the fault of the field that it was entered in. */
function errorsOf({ site, problem, fields }: FormProps): Errors {
  const errors = new Map<FieldName, readonly string[]>();
  if (!problem) return errors;
  if (problem.code === 'invalid-proof' && fields.includes('code'))
    errors.set('code', [site.words.refusals['invalid-proof']]);
  if (problem.code === 'wrong-password' && fields.includes('current'))
    errors.set('current', [site.words.refusals['wrong-password']]);
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
