import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const counted = { skipBlankLines: true, skipComments: true };

const typeAware = {
  files: ['**/*.ts'],
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    // Mongoose schema literals trip it.
    '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // Express 5 awaits the promise a handler returns.
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    '@typescript-eslint/no-floating-promises': 'error',
  },
};

const sizes = {
  files: ['**/*.ts', '**/*.js'],
  rules: {
    complexity: ['error', 10],
    'max-depth': ['error', 3],
    'max-params': ['error', 3],
    'max-lines': ['error', { max: 300, ...counted }],
    'max-lines-per-function': ['error', { max: 40, ...counted }],
    'no-restricted-exports': [
      'error',
      {
        restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true },
      },
    ],
  },
};

const moduleMocks = ['mock', 'doMock'].map((property) => ({
  object: 'vi',
  property,
  message: 'No module mocks: use the local cloud or the controllable clock.',
}));
const environment = { object: 'process', property: 'env', message: 'Read it from src/config.' };

/** Time and randomness have one source each, so that tests own them. */
const impure = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Use nowMs() of src/shared/clock.ts.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Use now() of src/shared/clock.ts.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Use now() of src/shared/clock.ts.' },
];
const randomness = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: 'Use src/shared/ids.ts.',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', '.data/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  typeAware,
  sizes,
  {
    files: ['src/**/*.ts', 'tests/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', environment, ...moduleMocks] },
  },
  {
    files: ['src/config/**/*.ts', 'tests/setup/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...moduleMocks] },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', randomness, ...impure] },
  },
  { files: ['src/shared/clock.ts', 'src/shared/ids.ts'], rules: { 'no-restricted-syntax': ['error', randomness] } },
  { files: ['**/*.model.ts', '**/*.schema.ts'], rules: { 'max-lines': ['error', { max: 200, ...counted }] } },
  // Express knows an error handler by its four parameters.
  { files: ['src/http/middleware/error-handler.ts'], rules: { 'max-params': ['error', 4] } },
  {
    files: ['tests/**/*.ts'],
    // A test body is as long as its story.
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['*.config.{js,ts}', '.dependency-cruiser.js'], rules: { 'no-restricted-exports': 'off' } },
);
