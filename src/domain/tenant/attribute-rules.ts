import { isRecord } from '../json.js';
import type { SettingsProblem } from './settings-problem.js';

const attributeName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const longestAttribute = 2_000;
/** Of the values that an attribute may be limited to. */
const choices = { most: 100, longest: 200 };

type Wrong = Pick<SettingsProblem, 'code' | 'message'>;
type FieldOfRule = Readonly<{ wrong: Wrong; holds: (value: unknown) => boolean }>;

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longestAttribute;

const attributeFields: Readonly<Record<'name' | 'required' | 'maxLength', FieldOfRule>> = {
  name: {
    wrong: {
      code: 'wrong-type',
      message: 'A name has 1 to 64 letters, digits, dashes and underscores, a letter first.',
    },
    holds: (value) => typeof value === 'string' && attributeName.test(value),
  },
  required: {
    wrong: { code: 'wrong-type', message: 'This is a boolean.' },
    holds: (value) => typeof value === 'boolean',
  },
  maxLength: {
    wrong: { code: 'out-of-range', message: `This is a whole number from 1 to ${longestAttribute}.` },
    holds: isLength,
  },
};

/** What is wrong with the attributes that a tenant wants its accounts to have. */
export function attributeRules(given: unknown, pointer: string): readonly SettingsProblem[] {
  if (!Array.isArray(given) || given.length > 50)
    return [{ pointer, code: 'wrong-type', message: 'This is a list of at most 50 attributes.' }];
  const seen = new Set<unknown>();
  return given.flatMap((rule: unknown, index): readonly SettingsProblem[] => {
    const at = `${pointer}/${index}`;
    if (!isRecord(rule) || Object.keys(rule).sort().join() !== 'maxLength,name,required,values')
      return [{ pointer: at, code: 'wrong-type', message: 'An attribute has name, required, maxLength and values.' }];
    const fields = Object.entries(attributeFields)
      .filter(([field, { holds }]) => !holds(rule[field]))
      .map(([field, { wrong }]) => ({ pointer: `${at}/${field}`, ...wrong }));
    const repeated = seen.has(rule['name']);
    seen.add(rule['name']);
    return [
      ...fields,
      ...(repeated ? [repeatedName(`${at}/name`)] : []),
      ...allowedValues(
        rule['values'],
        isLength(rule['maxLength']) ? rule['maxLength'] : longestAttribute,
        `${at}/values`,
      ),
    ];
  });
}

const repeatedName = (pointer: string): SettingsProblem => ({
  pointer,
  code: 'out-of-range',
  message: 'Another attribute has this name.',
});

/** Names the first value that does not fit: they are all wrong in the same way. */
function allowedValues(given: unknown, maxLength: number, pointer: string): readonly SettingsProblem[] {
  if (!Array.isArray(given)) return [{ pointer, code: 'wrong-type', message: 'This is a list of texts.' }];
  const values: readonly unknown[] = given;
  if (values.length > choices.most)
    return [{ pointer, code: 'out-of-range', message: `This is a list of at most ${choices.most} texts.` }];
  const longest = Math.min(maxLength, choices.longest);
  const wrong = values.findIndex((one) => typeof one !== 'string' || one.length < 1 || one.length > longest);
  if (wrong < 0) return [];
  const code = typeof values[wrong] === 'string' ? 'out-of-range' : 'wrong-type';
  return [{ pointer: `${pointer}/${wrong}`, code, message: `This is a text of 1 to ${longest} characters.` }];
}
