import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const nodeModules = builtinModules.filter((name) => !name.startsWith('node:') && !name.startsWith('_'));

/** Everything that compiles: types, promises and exhaustiveness. What shapes the text is left to the formatter. */
const everywhere = {
  eqeqeq: 'error',
  'no-console': 'error',
  'no-debugger': 'error',
  'no-constant-binary-expression': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-unreachable-loop': 'error',
  'no-param-reassign': 'error',
  'prefer-object-has-own': 'error',
  'no-restricted-imports': [
    'error',
    {
      paths: nodeModules.map((name) => ({ name, message: `Say 'node:${name}'.` })),
      patterns: [{ regex: String.raw`^\.{1,2}/(.*/)?dist/`, message: 'Import the source.' }],
    },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
    { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
    { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
    {
      selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"], Identifier[name="dangerouslySetInnerHTML"]',
      message: 'Everything in a page is escaped.',
    },
  ],

  '@typescript-eslint/ban-ts-comment': [
    'error',
    { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': true },
  ],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': [
    'error',
    { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    {
      argsIgnorePattern: '^_',
      varsIgnorePattern: '^_',
      destructuredArrayIgnorePattern: '^_',
      ignoreRestSiblings: true,
    },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowArray: true, allowNumber: true }],
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: false },
  ],
  '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { properties: false } }],
  '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true, allowWithDecorator: true }],
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],

  // An adapter may answer a promised port at once.
  '@typescript-eslint/require-await': 'off',
  // Bodies and samples are literals in the shape of their class; nothing calls methods on them.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // Types say what is there; an interface is used where a class implements it.
  '@typescript-eslint/consistent-type-definitions': 'off',
  // `as T` names what is known; `!` hides it, and is refused.
  '@typescript-eslint/non-nullable-type-assertion-style': 'off',
  // A mapped type says which keys there are.
  '@typescript-eslint/consistent-indexed-object-style': 'off',
  '@typescript-eslint/no-generated-empty-object-type': 'off',
  // `state === undefined || state.status !== 'open'` says both cases.
  '@typescript-eslint/prefer-optional-chain': 'off',
  // A branded id is what its caller says it is.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  '@typescript-eslint/no-dynamic-delete': 'off',
  // `void (await step())` says that nobody wants the answer.
  '@typescript-eslint/no-meaningless-void-operator': 'off',
  // A guard may return what ends the work: `if (gone) return this.close();`
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // Does not know what else changes a variable while one waits.
  '@typescript-eslint/no-unnecessary-condition': 'off',
  // Does not know what `typeof` has ruled out before; template texts have a rule of their own.
  '@typescript-eslint/no-base-to-string': 'off',
};

/** Time, randomness and ids come in as arguments or through ports. */
const pure = {
  'no-restricted-globals': [
    'error',
    ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'crypto', 'performance', 'require'],
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'The time comes in.' },
    { object: 'Math', property: 'random', message: 'Randomness comes in.' },
  ],
  'no-restricted-syntax': [
    ...everywhere['no-restricted-syntax'],
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The time comes in.' },
  ],
};

/** A body that was checked is spread for its members. */
const withBodies = { '@typescript-eslint/no-misused-spread': 'off' };

/** Specs say what they expect as sentences, read what any server sent, and stand in for what they need not have. */
const inTests = {
  // A checker looks at the few events that a client hears of; a table of all would hide them.
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
  '@typescript-eslint/await-thenable': 'off',
  '@typescript-eslint/no-empty-function': 'off',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-unused-expressions': 'off',
  '@typescript-eslint/restrict-template-expressions': 'off',
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
  'no-console': 'off',
  'no-template-curly-in-string': 'off',
};

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'coverage/', 'build/', 'node_modules/'] },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['{src,test}/**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: everywhere,
  },
  { files: ['src/{domain,application,projections}/**/*.ts'], rules: pure },
  { files: ['src/api/**/*.{ts,tsx}'], rules: withBodies },
  // Programs talk to whoever started them.
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.{ts,tsx}'], rules: inTests },
);
