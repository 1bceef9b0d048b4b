/*
 * Who may import whom. Imports point inward: domain <- application <- infrastructure; domain events <- projections;
 * application, projections <- api; the entry points see all. Each rule stands on its own: what is not allowed is
 * forbidden, type imports included.
 */

/** What starts a process or composes the objects: the only files that know which adapter is behind a port. */
const entries = '^src/(main|composition-root[^/]*|thread-pool)\\.ts$|^src/(cli|composition-root)/';

/** Started by their path, so that no import leads to them. */
const workers = '-worker\\.ts$';

/** Extends the typing of a package; nothing imports a declaration. */
const declarations = '\\.d\\.ts$';

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
    reserved(
      'only-the-composition-root-imports-inversify',
      packages('inversify', '@inversifyjs'),
      '^src/composition-root',
    ),
    reserved('source-imports-no-tests', '^(test|scripts|dist)/'),
    reserved('entries-are-not-imported', '^src/(main\\.ts$|cli/main\\.ts$)'),
    {
      name: 'no-circular-imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { path: '^src/', orphan: true, pathNot: [entries, workers, declarations] },
      to: {},
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
