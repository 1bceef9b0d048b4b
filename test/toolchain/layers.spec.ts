import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { checkProject, type Files, withLines } from '../support/project-folder.js';

/** What good code looks like, by path; nothing of it may be reported. */
const sound: Files = {
  'src/cli/main.ts': [`import { run } from '../main.js';`, `import type { Container } from 'inversify';`],
  'src/main.ts': [`import { start } from './service.js';`, `import './thread-pool.js';`],
  'src/service.ts': [`import { compose } from './composition-root.js';`],
  'src/thread-pool.ts': [`import { availableParallelism } from 'node:os';`],
  'src/composition-root.ts': [
    `import { Container } from 'inversify';`,
    `import { pool } from './infrastructure/pool.js';`,
    `import { log } from './infrastructure/event-log/eventstoredb/log.js';`,
    `import { route } from './api/route.js';`,
  ],
  'src/domain/hen.ts': [`export const hen = 1;`],
  'src/domain/egg.ts': [`import { hen } from './hen.js';`],
  'src/application/now.ts': [`import { egg } from '../domain/egg.js';`, `import { LRUCache } from 'lru-cache';`],
  'src/application/ports/clock.ts': [`import type { egg } from '../../domain/egg.js';`],
  'src/infrastructure/pool.ts': [
    `import type { Clock } from '../application/ports/clock.js';`,
    `import { people } from '../projections/people.js';`,
    `import { Pool } from 'pg';`,
    `import { join } from 'node:path';`,
  ],
  'src/infrastructure/event-log/eventstoredb/log.ts': [
    `import { EventStoreDBClient } from '@eventstore/db-client';`,
    `import { credentials } from '@grpc/grpc-js';`,
  ],
  'src/infrastructure/scoring-worker.ts': [`export const scored = 1;`],
  'src/projections/people.ts': [
    `import { egg } from '../domain/egg.js';`,
    `import type { Clock } from '../application/ports/clock.js';`,
    `import { type Knex } from 'knex';`,
  ],
  'src/api/route.ts': [
    `import { now } from '../application/now.js';`,
    `import { people } from '../projections/people.js';`,
    `import type { egg } from '../domain/egg.js';`,
    `import express from 'express';`,
  ],
  'test/infrastructure/pool.spec.ts': [`import { sample } from '../support/sample.js';`],
  'test/support/sample.ts': [
    `import { pool } from '../../src/infrastructure/pool.js';`,
    `import { expect } from 'chai';`,
  ],
};

/** What each rule forbids: the file that does it, and what it says there. */
const planted: readonly (readonly [rule: string, path: string, line: string])[] = [
  ['domain-imports-only-domain', 'src/domain/inner.ts', `import { now } from '../application/now.js';`],
  ['domain-imports-only-domain', 'src/domain/digest.ts', `import { createHash } from 'node:crypto';`],
  ['domain-imports-only-domain', 'src/domain/query.ts', `import type { Knex } from 'knex';`],
  [
    'application-imports-only-domain',
    'src/application/pool.ts',
    `import type { pool } from '../infrastructure/pool.js';`,
  ],
  ['application-imports-only-domain', 'src/application/file.ts', `import { readFileSync } from 'node:fs';`],
  ['application-imports-only-domain', 'src/application/rows.ts', `import type { Pool } from 'pg';`],
  ['application-imports-only-domain', 'src/application/view.ts', `import { people } from '../projections/people.js';`],
  [
    'projections-import-only-domain-and-ports',
    'src/projections/now.ts',
    `import type { now } from '../application/now.js';`,
  ],
  ['projections-import-only-domain-and-ports', 'src/projections/pool.ts', `import type { Pool } from 'pg';`],
  ['projections-see-only-types-of-ports-and-knex', 'src/projections/build.ts', `import { knex } from 'knex';`],
  [
    'projections-see-only-types-of-ports-and-knex',
    'src/projections/clock.ts',
    `import { Clock } from '../application/ports/clock.js';`,
  ],
  ['infrastructure-knows-no-api', 'src/infrastructure/route.ts', `import type { route } from '../api/route.js';`],
  ['api-imports-only-inward', 'src/api/rows.ts', `import type { pool } from '../infrastructure/pool.js';`],
  ['only-entries-import-infrastructure', 'src/web/rows.ts', `import { pool } from '../infrastructure/pool.js';`],
  [
    'only-its-adapter-imports-eventstoredb',
    'src/infrastructure/event-log/client.ts',
    `import type { EventStoreDBClient } from '@eventstore/db-client';`,
  ],
  ['only-its-adapter-imports-eventstoredb', 'src/main.ts', `import { credentials } from '@grpc/grpc-js';`],
  ['only-entries-know-inversify', 'src/infrastructure/wire.ts', `import { Container } from 'inversify';`],
  ['source-imports-no-tests', 'src/infrastructure/sample.ts', `import { sample } from '../../test/support/sample.js';`],
  ['only-the-composition-root-binds', 'src/service.ts', `import { Container } from 'inversify';`],
  ['only-entries-import-entries', 'src/infrastructure/start.ts', `import { start } from '../main.js';`],
  ['no-dead-modules', 'src/application/unused.ts', `import type { egg } from '../domain/egg.js';`],
  ['no-circular-imports', 'src/domain/hen.ts', `import type { egg } from './egg.js';`],
  ['no-orphans', 'src/domain/alone.ts', `export const alone = 1;`],
  ['no-tests-that-never-run', 'test/contracts/pool.ts', `import { expect } from 'chai';`],
  ['no-development-packages-in-source', 'src/infrastructure/assert.ts', `import { expect } from 'chai';`],
  ['packages-are-declared', 'src/infrastructure/parse.ts', `import { parse } from 'acorn';`],
  ['packages-are-declared', 'test/support/parse.ts', `import { parse } from 'acorn';`],
  ['imports-resolve', 'src/infrastructure/missing.ts', `import { missing } from './nowhere.js';`],
];

describe('the layers', function () {
  this.timeout(60_000);
  let found: ReturnType<typeof checkProject>;

  before('check a project with every violation at once', () => {
    found = checkProject(
      'layers.mjs',
      withLines(
        sound,
        planted.map(([, path, line]) => [path, line]),
      ),
    );
  });

  for (const [rule, path, line] of planted) {
    it(`${rule} stops ${path}: ${line}`, () => {
      const reported = found.lines.filter(
        (text) => text.replace(/^warning: /, '').startsWith(`${rule}: `) && text.includes(path),
      );

      expect(reported, found.lines.join('\n')).not.to.deep.equal([]);
    });
  }

  it('a violation fails the check', () => {
    expect(found.status).to.equal(1);
  });

  it('sound imports pass', () => {
    const { status, lines } = checkProject('layers.mjs', sound);

    expect(lines).to.deep.equal([`${Object.keys(sound).length} modules`]);
    expect(status).to.equal(0);
  });

  it('a module that nothing uses yet is a warning', () => {
    const unused = 'src/application/unused.ts';
    const { status, lines } = checkProject('layers.mjs', { ...sound, [unused]: sound['src/application/now.ts'] ?? [] });

    expect(lines).to.include(`warning: no-dead-modules: ${unused}`);
    expect(status).to.equal(0);
  });

  it('a check that finds no module fails', () => {
    const { status, lines } = checkProject('layers.mjs', {});

    expect(lines).to.deep.equal(['no-modules: nothing was found under src and test']);
    expect(status).to.equal(1);
  });

  it('no rule is left without a planted violation', async () => {
    const { default: config } = (await import(pathToFileURL(resolve('.dependency-cruiser.mjs')).href)) as {
      default: { forbidden: readonly { name: string }[] };
    };

    expect(config.forbidden.map(({ name }) => name)).to.have.members([...new Set(planted.map(([rule]) => rule))]);
  });
});
