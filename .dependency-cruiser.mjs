/*
 * Who may import whom. Imports point inward: domain <- application <- infrastructure; domain events <- projections;
 * application, projections <- api; the entry points see all. Each rule stands on its own: what is not allowed is
 * forbidden, type imports included.
 */

/** What starts a process and composes the objects: the only files that know which adapter is behind a port. */
const entries = '^src/([^/]+\\.ts$|(cli|composition-root)/)';

/** Started by their path, so that no import leads to them. */
const programs = ['^src/cli/main\\.ts$', '-worker\\.ts$'];

/** Extends the typing of a package; nothing imports a declaration. */
const declarations = '\\.d\\.ts$';

/** What mocha, a script of package.json or a spec runs by its path. */
const runTests = [
  '^test/.*\\.spec\\.tsx?$',
  '^test/support/(root-hooks|supervised-service|service-process|write-samples|generate-documents)\\.ts$',
  '/main\\.ts$',
  '^test/bench/',
];

const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

/** `name`: files under `from` import nothing but what matches `allowed`. */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

/** `name`: nothing under src but the files that match `holders` imports what matches `path`. */
const reserved = (name, path, ...holders) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: holders },
  to: { path },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only('domain-imports-only-domain', '^src/domain/', '^src/domain/'),
    only('application-imports-only-domain', '^src/application/', '^src/(application|domain)/', packages('lru-cache')),
    only(
      'projections-import-only-domain-and-ports',
      '^src/projections/',
      '^src/(projections|domain|application/ports)/',
      packages('knex'),
    ),
    {
      name: 'projections-see-only-types-of-ports-and-knex',
      severity: 'error',
      from: { path: '^src/projections/' },
      to: { path: ['^src/application/', packages('knex')], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'infrastructure-knows-no-api',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: { path: '^src/', pathNot: '^src/(infrastructure|application|domain|projections)/' },
    },
    {
      name: 'api-imports-only-inward',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { path: '^src/', pathNot: '^src/(api|application|projections|domain)/' },
    },
    reserved('only-entries-import-infrastructure', '^src/infrastructure/', '^src/infrastructure/', entries),
    reserved(
      'only-its-adapter-imports-eventstoredb',
      packages('@eventstore', '@grpc', 'google-protobuf'),
      '^src/infrastructure/event-log/eventstoredb/',
    ),
    reserved('only-entries-know-inversify', packages('inversify', '@inversifyjs'), entries),
    {
      name: 'only-the-composition-root-binds',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/composition-root' },
      to: { path: packages('inversify', '@inversifyjs'), dependencyTypesNot: ['type-only'] },
    },
    reserved('source-imports-no-tests', '^(test|scripts|dist)/'),
    reserved('only-entries-import-entries', entries, entries),
    {
      // Built and tested, but in no process; a warning, since a part may land before what uses it.
      name: 'no-dead-modules',
      severity: 'warn',
      from: { path: programs },
      to: { path: '^src/', pathNot: [...programs, declarations], reachable: false },
    },
    {
      name: 'no-circular-imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { path: '^src/', orphan: true, pathNot: [entries, ...programs, declarations] },
      to: {},
    },
    {
      // A contract that no spec calls holds nobody to it.
      name: 'no-tests-that-never-run',
      severity: 'error',
      from: { path: runTests },
      to: { path: '^test/', pathNot: [...runTests, declarations], reachable: false },
    },
    {
      name: 'no-development-packages-in-source',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types count: a port that names an adapter's type depends on the adapter.
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
